#include "forecast/line_fit.h"

#include "base/error.h"

namespace seve {

LineFit FitLine(std::span<const LinePoint> points) {
  Check(!points.empty(), "a line through no points");
  const auto count = static_cast<double>(points.size());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (const LinePoint& point : points) {
    x += point.x;
    y += point.y;
    xx += point.x * point.x;
    xy += point.x * point.y;
  }
  const double spread = count * xx - x * x;
  const LineFit through_origin{0, xy / xx};
  if (spread <= 1e-12 * count * xx) return through_origin;
  const double slope = (count * xy - x * y) / spread;
  const double fixed = (y - slope * x) / count;
  if (fixed < 0) return through_origin;
  if (slope < 0) return {y / count, 0};
  return {fixed, slope};
}

}  // namespace seve
