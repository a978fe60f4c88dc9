#include "report/draw/direct_labels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "report/draw/fitted_text.h"
#include "report/draw/look.h"
#include "report/draw/palette.h"

namespace seve {
namespace {

constexpr double kGap = 7;               // between the area and the names
constexpr double kWidest = 150;          // of a name
constexpr double kLeaderEnd = 1.5;       // before the name
constexpr double kTextLuminance = 0.18;  // at most: a contrast of 4.5 to paper (WCAG 2.1)

double Luminance(const Colour& colour) {
  const auto linear = [](double part) {
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

// The colour, as much darker as reading needs.
Colour Readable(Colour colour) {
  while (Luminance(colour) > kTextLuminance) {
    colour = {0.95 * colour.red, 0.95 * colour.green, 0.95 * colour.blue};
  }
  return colour;
}

struct Label {
  const Series* series = nullptr;
  Point end;  // of its line
};

std::optional<Point> EndOf(const Series& series, const Axes& axes) {
  for (size_t i = series.x.size(); i-- > 0;) {
    const Point point = axes.At(series.x[i], series.y[i]);
    if (std::isfinite(point.x) && std::isfinite(point.y)) return point;
  }
  return std::nullopt;
}

}  // namespace

double WidthOfDirectLabels(const std::vector<Series>& series) {
  double width = 0;
  for (const Series& one : series) width = std::max(width, TextWidth(one.name, kTickFont));
  return width == 0 ? 0 : std::min(width, kWidest) + kGap;
}

void DrawDirectLabels(Canvas& canvas, const Axes& axes, const std::vector<Series>& series) {
  std::vector<Label> labels;
  for (const Series& one : series) {
    const auto end = EndOf(one, axes);
    if (!one.name.empty() && end) labels.push_back({&one, *end});
  }
  std::ranges::stable_sort(labels, {}, [](const Label& label) { return label.end.y; });
  std::vector<double> wanted;
  for (const Label& label : labels) wanted.push_back(label.end.y);
  const Box& area = axes.area();
  const double height = LineHeight(kTickFont);
  const auto middles = SpreadApart(wanted, height, area.y - height / 2, area.bottom() + height / 2);
  for (size_t i = 0; i < labels.size(); ++i) {
    const auto& [line, end] = labels[i];
    Canvas::Font font = kTickFont;
    font.colour = Readable(PaletteColour(line->colour));
    const double left = area.right() + kGap;
    canvas.Line(std::array{end, Point{std::max(end.x, area.right()), end.y},
                           Point{left - kLeaderEnd, middles[i]}},
                {font.colour, 0.5, {}});
    canvas.Text(Fitted(line->name, font, kWidest), {left, middles[i] + BelowMiddle(font)}, font);
  }
}

std::vector<double> SpreadApart(std::vector<double> wanted, double height, double low,
                                double high) {
  // Texts that touch are a block, placed around the mean of where they want to be.
  struct Block {
    double sum = 0;  // of the places the block's first text would want for each of its texts
    size_t count = 0;
    double first = 0;
  };
  std::vector<Block> blocks;
  for (const double place : wanted) {
    blocks.push_back({place, 1, place});
    while (true) {
      Block& last = blocks.back();
      const double room = high - low - height * static_cast<double>(last.count);
      const double top = low + height / 2;
      last.first =
          std::clamp(last.sum / static_cast<double>(last.count), top, top + std::max(room, 0.0));
      if (blocks.size() == 1) break;
      Block& before = blocks[blocks.size() - 2];
      const auto count = static_cast<double>(before.count);
      if (before.first + count * height <= last.first) break;
      before.sum += last.sum - static_cast<double>(last.count) * count * height;
      before.count += last.count;
      blocks.pop_back();
    }
  }
  std::vector<double> middles;
  for (const Block& block : blocks) {
    for (size_t i = 0; i < block.count; ++i) {
      middles.push_back(block.first + static_cast<double>(i) * height);
    }
  }
  return middles;
}

}  // namespace seve
