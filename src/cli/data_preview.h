// `seve data preview`: training pictures on a sheet, as stored and as training sees them.
#pragma once

#include <string>
#include <vector>

namespace seve {

struct PreviewOptions {
  std::string config;
  std::vector<std::string> sets;
  std::string data;
  std::string output = "preview.png";
  int samples = 6;
  int epochs = 7;
};

// Returns the exit code. Throws Error(kUsage) where "input" is no picture.
int PreviewData(const PreviewOptions& options);

}  // namespace seve
