#include "report/draw/series_look.h"

#include <array>

#include "report/draw/palette.h"

namespace seve {
namespace {

constexpr double kLineWidth = 1.3;
constexpr double kMarkerRadius = 2.4;

using Dashes = std::vector<double>;

// Lines start unbroken, dashes broken; further colours break them in further ways.
const std::array<Dashes, 4>& LineDashes() {
  static const std::array<Dashes, 4> dashes = {{{}, {8, 1.5}, {6, 1.5, 1.2, 1.5}, {12, 2, 3, 2}}};
  return dashes;
}
const std::array<Dashes, 4>& BrokenDashes() {
  static const std::array<Dashes, 4> dashes = {{{4, 2}, {3, 1.5}, {3, 2, 1, 2}, {1.2, 1.5}}};
  return dashes;
}

}  // namespace

Canvas::Stroke StrokeOf(const Series& series) {
  const auto& dashes = series.style == SeriesStyle::kDashes ? BrokenDashes() : LineDashes();
  const int kind = series.dashes < 0 ? series.colour : series.dashes;
  return {PaletteColour(series.colour), kLineWidth,
          dashes[static_cast<size_t>(kind) % dashes.size()]};
}

void DrawMarker(Canvas& canvas, const Series& series, const Point& at, double radius) {
  const Colour colour = PaletteColour(series.colour);
  const auto [x, y] = at;
  switch (series.colour % 4) {
    case 0:
      return canvas.Disc(at, radius, colour);
    case 1:
      return canvas.Rectangle({x - 0.9 * radius, y - 0.9 * radius, 1.8 * radius, 1.8 * radius},
                              colour);
    case 2:
      return canvas.Polygon(
          std::array{Point{x, y - 1.2 * radius}, Point{x + 1.15 * radius, y + 0.8 * radius},
                     Point{x - 1.15 * radius, y + 0.8 * radius}},
          colour);
    default:
      return canvas.Polygon(std::array{Point{x, y - 1.3 * radius}, Point{x + 1.3 * radius, y},
                                       Point{x, y + 1.3 * radius}, Point{x - 1.3 * radius, y}},
                            colour);
  }
}

void DrawSample(Canvas& canvas, const Series& series, const Point& at, double width) {
  if (series.style == SeriesStyle::kPoints) {
    return DrawMarker(canvas, series, {at.x + width / 2, at.y}, kMarkerRadius);
  }
  canvas.Line(std::array{at, Point{at.x + width, at.y}}, StrokeOf(series));
}

}  // namespace seve
