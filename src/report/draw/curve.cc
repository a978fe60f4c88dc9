#include "report/draw/curve.h"

#include <algorithm>
#include <cmath>

#include "report/draw/palette.h"
#include "report/draw/series_look.h"

namespace seve {
namespace {

constexpr double kColumn = 0.5;  // of a point: a pixel of the PNG
constexpr double kFew = 60;      // points that a chart holds at full size
constexpr double kLargestMarker = 2.2;
constexpr double kSmallestMarker = 0.9;
constexpr double kBandAlpha = 0.18;

bool Shown(const Point& point) { return std::isfinite(point.x) && std::isfinite(point.y); }

// Neighbours that can all be shown.
std::vector<std::vector<Point>> Runs(const Axes& axes, const Series& series) {
  std::vector<std::vector<Point>> runs(1);
  for (size_t i = 0; i < series.x.size(); ++i) {
    const Point point = axes.At(series.x[i], series.y[i]);
    if (Shown(point)) {
      runs.back().push_back(point);
    } else if (!runs.back().empty()) {
      runs.emplace_back();
    }
  }
  return runs;
}

double MarkerRadius(size_t count) {
  return std::clamp(kLargestMarker * std::sqrt(kFew / std::max<double>(1, count)), kSmallestMarker,
                    kLargestMarker);
}

}  // namespace

std::vector<Point> Thinned(const std::vector<Point>& points, double column) {
  const auto column_of = [column](const Point& point) { return std::floor(point.x / column); };
  const auto lower = [](const Point* a, const Point* b) { return a->y < b->y; };
  std::vector<Point> kept;
  for (size_t first = 0; first < points.size();) {
    size_t end = first + 1;
    while (end < points.size() && column_of(points[end]) == column_of(points[first])) ++end;
    std::vector<const Point*> column_points;
    for (size_t i = first; i < end; ++i) column_points.push_back(&points[i]);
    const auto [low, high] = std::minmax_element(column_points.begin(), column_points.end(), lower);
    std::vector<const Point*> shown = {column_points.front(), *low, *high, column_points.back()};
    std::sort(shown.begin(), shown.end());
    shown.erase(std::unique(shown.begin(), shown.end()), shown.end());
    for (const Point* point : shown) kept.push_back(*point);
    first = end;
  }
  return kept;
}

void DrawCurve(Canvas& canvas, const Axes& axes, const Series& series) {
  const double radius = MarkerRadius(series.x.size());
  for (const auto& run : Runs(axes, series)) {
    const auto points = Thinned(run, kColumn);
    if (series.style == SeriesStyle::kPoints || points.size() == 1) {
      for (const Point& point : points) DrawMarker(canvas, series, point, radius);
    } else if (!points.empty()) {
      canvas.Line(points, StrokeOf(series));
    }
  }
}

void DrawBand(Canvas& canvas, const Axes& axes, const Series& series) {
  Colour colour = PaletteColour(series.colour);
  colour.alpha = kBandAlpha;
  std::vector<Point> upper, lower;
  const auto fill = [&] {
    upper.insert(upper.end(), lower.rbegin(), lower.rend());
    if (!upper.empty()) canvas.Polygon(upper, colour);
    upper.clear();
    lower.clear();
  };
  for (size_t i = 0; i < series.low.size(); ++i) {
    const Point low = axes.At(series.x[i], series.low[i]);
    const Point high = axes.At(series.x[i], series.high[i]);
    if (!Shown(low) || !Shown(high)) {
      fill();
      continue;
    }
    lower.push_back(low);
    upper.push_back(high);
  }
  fill();
}

}  // namespace seve
