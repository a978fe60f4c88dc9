// Runs beside each other, for spreadsheets.
#pragma once

#include <span>
#include <string>

#include "report/comparison.h"

namespace seve {

// A line for each run and evaluation, of whichever split: every figure that a run has, with all
// digits. A cell is empty where there is none.
std::string ComparisonCsv(std::span<const ComparedRun> runs);

}  // namespace seve
