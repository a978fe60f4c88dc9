// How a hand writes the digits: strokes as control points, one to three ways each.
#pragma once

#include <array>
#include <vector>

namespace seve {

struct StrokePoint {
  float x = 0;
  float y = 0;
  bool operator==(const StrokePoint&) const = default;
};

// Control points of a smooth curve, x to the right and y downwards in the unit square. A repeated
// point is a corner.
using Stroke = std::vector<StrokePoint>;
using Glyph = std::vector<Stroke>;

// The ways to write each digit.
std::array<std::vector<Glyph>, 10> DigitGlyphs();

// The stroke as a polyline: Catmull-Rom splines through the control points between corners (Catmull
// & Rom, "A class of local interpolating splines", 1974).
Stroke Flatten(const Stroke& stroke);

}  // namespace seve
