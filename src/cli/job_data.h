// The data of a job: where they are on the cluster, and which of them a job copies to its nodes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/data.pb.h"

namespace seve {

struct JobData {
  std::string root;               // absolute; empty where nothing is read below it
  std::vector<std::string> sets;  // folders below it, or such folders as NAME.tar, to be copied
  int64_t bytes = 0;              // of the sets
  bool readable =
      true;  // PeekData can tell their shapes here: they are not packed, or known anyway
};

// Finds the data below `root` (absolute, or empty) or relative to the working directory, as
// training would, and besides as ROOT/NAME.tar for ROOT/NAME. Paths in `data` that lead elsewhere
// than to the sets become absolute, so that the configuration may be read from another folder.
// Throws Error(kData) for data that are not there, with the command that fetches them.
JobData LocateData(const std::string& root, config::Data* data);

// The same, taking for granted that everything is below `root`.
JobData AssumeData(const std::string& root, const config::Data& data);

}  // namespace seve
