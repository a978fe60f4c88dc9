// How speed grows with the ranks, drawn.
#pragma once

#include <span>
#include <vector>

#include "report/draw/charts.h"
#include "report/scaling.h"

namespace seve {

// Speed-up and, below it, efficiency over the ranks, to be stacked: a line a setting between its
// slowest and fastest runs, and what would be ideal.
std::vector<Chart> ScalingCharts(std::span<const ScalingLine> lines);

}  // namespace seve
