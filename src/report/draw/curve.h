// The values of a series, drawn between axes.
#pragma once

#include "report/draw/axes.h"
#include "report/draw/canvas.h"
#include "report/draw/charts.h"

namespace seve {

// Lines end where a value cannot be shown; a value alone between such is a point.
void DrawCurve(Canvas& canvas, const Axes& axes, const Series& series);
void DrawBand(Canvas& canvas, const Axes& axes, const Series& series);

// Of many points per column of pixels, those that a line through all of them shows: the first, the
// lowest, the highest and the last.
std::vector<Point> Thinned(const std::vector<Point>& points, double column);

}  // namespace seve
