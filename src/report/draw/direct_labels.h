// Names of lines beside their ends, each in its line's colour.
#pragma once

#include <vector>

#include "report/draw/axes.h"
#include "report/draw/canvas.h"
#include "report/draw/charts.h"

namespace seve {

// What they take right of the area; nothing where no series has a name.
double WidthOfDirectLabels(const std::vector<Series>& series);

// As high as the lines end, further apart where they would overlap.
void DrawDirectLabels(Canvas& canvas, const Axes& axes, const std::vector<Series>& series);

// Where texts of this height have their middles: in the order of `wanted`, as near to it as leaves
// them apart and between low and high; beyond high where there is no room for all.
std::vector<double> SpreadApart(std::vector<double> wanted, double height, double low, double high);

}  // namespace seve
