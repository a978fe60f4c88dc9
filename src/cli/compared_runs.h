// The runs that `seve compare` is given: run directories, and the directories of launch/sweep.
#pragma once

#include <string>
#include <vector>

#include "report/comparison.h"

namespace seve {

struct ComparedRuns {
  std::vector<std::string> paths;  // of the run directories
  std::vector<ComparedRun> runs;
  bool swept = false;  // some stem from a sweep
  // Sweeps of which points are missing or did not end well; these are no runs here.
  std::vector<std::string> warnings;
};

// Throws Error(kUsage) naming what is no run, is given twice, or leaves fewer than two runs.
ComparedRuns ReadComparedRuns(const std::vector<std::string>& paths);

}  // namespace seve
