// How the series of a chart differ: in colour, and in dashes or the shape of points besides.
#pragma once

#include "report/draw/canvas.h"
#include "report/draw/charts.h"

namespace seve {

Canvas::Stroke StrokeOf(const Series& series);
void DrawMarker(Canvas& canvas, const Series& series, const Point& at, double radius);

// What a legend shows beside the name, `width` points long with `at` at the left.
void DrawSample(Canvas& canvas, const Series& series, const Point& at, double width);

}  // namespace seve
