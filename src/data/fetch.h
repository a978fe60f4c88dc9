// Brings a public data set into a folder, every file verified.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "data/known_sets.h"

namespace seve {

// Told how the files come along.
struct FetchReport {
  std::function<void(const std::string& file)> kept;  // there already and intact
  std::function<void(const std::string& file, int64_t done, int64_t total)> progress;
  std::function<void(const std::string& file)> fetched;
};

// Files go to `folder` under a temporary name, are compared with their published checksums, and get
// their name then; intact ones are not fetched again. `from`: another place than the publisher's,
// "" for none. Throws Error(kData), nothing wrong left behind: no network, no such file, another
// checksum (both are named).
void FetchDataSet(const KnownSet& set, const std::string& folder, const std::string& from,
                  const FetchReport& report);

}  // namespace seve
