// How speed grows with the ranks, in figures.
#pragma once

#include <span>
#include <string>

#include "base/terminal.h"
#include "report/scaling.h"

namespace seve {

// A row a point, and below what the columns are.
std::string ScalingTable(std::span<const ScalingLine> lines, const Terminal& terminal);
// The same with all digits, for spreadsheets.
std::string ScalingCsv(std::span<const ScalingLine> lines);

}  // namespace seve
