// The straight line that times follow over batch sizes.
#pragma once

#include <span>

namespace seve {

struct LineFit {
  double fixed = 0;  // what a pass costs however few its samples are
  double slope = 0;  // what each sample adds

  [[nodiscard]] double At(double x) const { return fixed + slope * x; }
};

struct LinePoint {
  double x = 0, y = 0;
};

// By least squares with fixed >= 0 and slope >= 0. Points at one x alone: through the origin. At
// least one point, x > 0.
LineFit FitLine(std::span<const LinePoint> points);

}  // namespace seve
