// What became of runs against what they were made to differ in: accuracy against depth, say.
#pragma once

#include <string>
#include <vector>

#include "report/comparison.h"

namespace seve {

struct Trend {
  std::string against;  // a field of the configuration, or "parameters": their number
  std::string by;       // a line for each value of this field; empty: one line
};

// The figure that the test set gave, or without one in all runs the best of the validation split,
// of runs that differ in their seed alone the mean, lowest and highest. Throws Error(kUsage) where
// `against` or `by` is nothing in which the runs differ, is no number, or leaves runs at one place
// that differ in more.
Chart TrendChart(const std::vector<ComparedRun>& runs, const std::string& figure,
                 const Trend& trend);

}  // namespace seve
