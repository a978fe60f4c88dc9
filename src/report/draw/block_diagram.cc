#include <algorithm>
#include <array>
#include <cmath>

#include "report/draw/block_layout.h"
#include "report/draw/charts.h"
#include "report/draw/fitted_text.h"
#include "report/draw/look.h"
#include "report/draw/palette.h"

namespace seve {
namespace {

constexpr Canvas::Font kDetailFont{9, false, kSoftInk};
constexpr double kPadding = 7;
constexpr double kNarrowest = 96;
constexpr double kWidest = 230;
constexpr double kCorner = 5;  // radius of the elbows
constexpr int kCornerSteps = 6;

// The elbows' corners as quarters of a circle (a quadratic curve is near enough).
std::vector<Point> Rounded(const std::vector<Point>& way) {
  std::vector<Point> points = {way.front()};
  for (size_t i = 1; i + 1 < way.size(); ++i) {
    const auto toward = [&](const Point& other) {
      const double distance = std::hypot(other.x - way[i].x, other.y - way[i].y);
      const double share = distance == 0 ? 0 : std::min(kCorner / distance, 0.5);
      return Point{std::lerp(way[i].x, other.x, share), std::lerp(way[i].y, other.y, share)};
    };
    const Point before = toward(way[i - 1]);
    const Point after = toward(way[i + 1]);
    for (int step = 0; step <= kCornerSteps; ++step) {
      const double t = static_cast<double>(step) / kCornerSteps;
      const auto bend = [t](double a, double b, double c) {
        return std::lerp(std::lerp(a, b, t), std::lerp(b, c, t), t);
      };
      points.push_back({bend(before.x, way[i].x, after.x), bend(before.y, way[i].y, after.y)});
    }
  }
  points.push_back(way.back());
  return points;
}

class Diagram : public Figure {
 public:
  explicit Diagram(std::vector<Block> blocks) : blocks_(std::move(blocks)) {
    double widest = 0;
    size_t lines = 0;
    for (const Block& block : blocks_) {
      const auto details = LinesOf(block.detail);
      widest =
          std::max({widest, TextWidth(block.title, kPanelFont), WidestText(details, kDetailFont)});
      lines = std::max(lines, details.size());
    }
    const double width = std::clamp(widest + 2 * kPadding, kNarrowest, kWidest);
    const double height =
        LineHeight(kPanelFont) + static_cast<double>(lines) * LineHeight(kDetailFont) + kPadding;
    layout_ = LayOut(blocks_, width, height);
  }

  [[nodiscard]] double width() const override { return layout_.width + 2 * kMargin; }
  [[nodiscard]] double height() const override { return layout_.height + 2 * kMargin; }

  void Draw(Canvas& canvas) const override {
    for (const auto& way : layout_.ways) DrawWay(canvas, way);
    for (size_t i = 0; i < blocks_.size(); ++i) DrawBlock(canvas, blocks_[i], layout_.boxes[i]);
  }

 private:
  static void DrawWay(Canvas& canvas, std::vector<Point> way) {
    for (Point& point : way) point = {point.x + kMargin, point.y + kMargin};
    const Point tip = way.back();
    way.back().y -= 3;
    canvas.Line(Rounded(way), {kAxisGrey, 1, {}});
    canvas.Polygon(std::array{tip, Point{tip.x - 3, tip.y - 6}, Point{tip.x + 3, tip.y - 6}},
                   kAxisGrey);
  }

  static void DrawBlock(Canvas& canvas, const Block& block, Box box) {
    box.x += kMargin;
    box.y += kMargin;
    canvas.Rectangle(box, Shade(0.06));
    canvas.Frame(box, {PaletteColour(0), 0.8, {}});
    const double middle = box.x + box.width / 2;
    const auto details = LinesOf(block.detail);
    const double texts =
        LineHeight(kPanelFont) + static_cast<double>(details.size()) * LineHeight(kDetailFont);
    double base = box.y + (box.height - texts) / 2 + kPanelFont.size;
    canvas.Text(Fitted(block.title, kPanelFont, box.width - kPadding), {middle, base}, kPanelFont,
                TextAlign::kCentre);
    for (const std::string& line : details) {
      base += LineHeight(kDetailFont);
      canvas.Text(Fitted(line, kDetailFont, box.width - kPadding), {middle, base}, kDetailFont,
                  TextAlign::kCentre);
    }
  }

  std::vector<Block> blocks_;
  BlockLayout layout_;
};

}  // namespace

std::unique_ptr<Figure> BlockDiagram(std::vector<Block> blocks) {
  return std::make_unique<Diagram>(std::move(blocks));
}

}  // namespace seve
