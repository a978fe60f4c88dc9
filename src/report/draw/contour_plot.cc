#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "report/draw/axes.h"
#include "report/draw/charts.h"
#include "report/draw/contours.h"
#include "report/draw/fitted_text.h"
#include "report/draw/look.h"
#include "report/draw/palette.h"

namespace seve {
namespace {

constexpr double kAreaHeight = 270;
constexpr int kMostLevels = 14;
constexpr int64_t kShadePixels = 256;  // a side of the picture below the lines
constexpr double kDarkest = 0.85;      // of the shades, so that lines and path stand out
constexpr double kScaleWidth = 12;
constexpr size_t kManySteps = 200;  // of a path; its line alone is drawn then

class Plane : public Figure {
 public:
  explicit Plane(Surface surface) : surface_(std::move(surface)) {
    Check(surface_.x.size() >= 2 && surface_.y.size() >= 2, "a surface is smaller than 2 x 2");
    Check(surface_.values.size() == surface_.x.size() * surface_.y.size(),
          "a surface has other values than its columns times its rows");
    Check(surface_.path_x.size() == surface_.path_y.size(), "a path has other x than y");
    levels_ = Levels();
    left_ = kMargin + LineHeight(kLabelFont) + WidthOfTexts(YAxis().TicksAbove(kAreaHeight));
    right_ = 2 * kMargin + kScaleWidth + WidthOfTexts(levels_);
  }

  [[nodiscard]] double width() const override { return kFigureWidth; }
  [[nodiscard]] double height() const override {
    return Area().bottom() + HeightOfTexts(surface_.x_label) + kMargin;
  }

  void Draw(Canvas& canvas) const override {
    const Box area = Area();
    const Axes axes(area, XAxis(), YAxis());
    canvas.Text(Fitted(surface_.title, kTitleFont, kFigureWidth - 2 * kMargin),
                {kMargin, kMargin + kTitleFont.size}, kTitleFont);
    canvas.Draw(Shades(), area);
    for (const Tick& level : levels_) {
      for (const auto& line : Contours(grid(), level.value)) {
        canvas.Line(OnPaper(axes, line), {{1, 1, 1, 0.75}, 0.7, {}});
      }
    }
    canvas.Clip(area);
    DrawPath(canvas, axes);
    canvas.Unclip();
    canvas.Frame(area, {kAxisGrey, 0.6, {}});
    axes.DrawAxes(canvas, true);
    axes.DrawLabels(canvas, surface_.x_label, surface_.y_label, kMargin);
    DrawScale(canvas);
  }

 private:
  [[nodiscard]] Grid grid() const { return {surface_.x, surface_.y, surface_.values}; }
  [[nodiscard]] Axis XAxis() const { return {{surface_.x.front(), surface_.x.back()}, false}; }
  [[nodiscard]] Axis YAxis() const { return {{surface_.y.front(), surface_.y.back()}, false}; }
  [[nodiscard]] Box Area() const {
    return {left_, kMargin + TitleHeight(surface_.title), kFigureWidth - left_ - right_ - kMargin,
            kAreaHeight};
  }

  // Logarithmic where all values allow that.
  [[nodiscard]] std::vector<Tick> Levels() const {
    AxisRange range;
    range.Include(surface_.values);
    return Axis(range, range.low > 0 && !range.empty()).Ticks(kMostLevels);
  }

  // How many levels lie below a value, as a shade: the same between neighbouring lines.
  [[nodiscard]] Colour BandColour(size_t band) const {
    return Shade(kDarkest * static_cast<double>(band) / static_cast<double>(levels_.size()));
  }
  [[nodiscard]] size_t BandOf(double value) const {
    size_t band = 0;
    while (band < levels_.size() && value >= levels_[band].value) ++band;
    return band;
  }

  [[nodiscard]] Image Shades() const {
    Image image{kShadePixels, kShadePixels, 3, {}};
    const auto along = [](const std::vector<double>& positions, double pixel) {
      return std::lerp(positions.front(), positions.back(), (pixel + 0.5) / kShadePixels);
    };
    for (int64_t row = kShadePixels - 1; row >= 0; --row) {
      const double y = along(surface_.y, static_cast<double>(row));
      for (int64_t column = 0; column < kShadePixels; ++column) {
        const double value = grid().Between(along(surface_.x, static_cast<double>(column)), y);
        AppendPixel(image, std::isfinite(value) ? BandColour(BandOf(value)) : kGridGrey);
      }
    }
    return image;
  }

  static std::vector<Point> OnPaper(const Axes& axes, const std::vector<Point>& line) {
    std::vector<Point> points;
    for (const Point& point : line) points.push_back(axes.At(point.x, point.y));
    return points;
  }

  void DrawPath(Canvas& canvas, const Axes& axes) const {
    std::vector<Point> points;
    for (size_t i = 0; i < surface_.path_x.size(); ++i) {
      const Point point = axes.At(surface_.path_x[i], surface_.path_y[i]);
      if (std::isfinite(point.x) && std::isfinite(point.y)) points.push_back(point);
    }
    if (points.empty()) return;
    canvas.Line(points, {kEmphasis, 1, {}});
    if (points.size() <= kManySteps) {
      for (const Point& point : points) canvas.Disc(point, 1.4, kEmphasis);
    }
    DrawStart(canvas, points.front());
    DrawEnd(canvas, points.back());
  }

  static void DrawStart(Canvas& canvas, const Point& at) {
    canvas.Disc(at, 4.2, kPaper);
    canvas.Disc(at, 3.4, kEmphasis);
    canvas.Disc(at, 1.9, kPaper);
  }

  static void DrawEnd(Canvas& canvas, const Point& at) {
    for (const auto& stroke : {Canvas::Stroke{kPaper, 4, {}}, Canvas::Stroke{kInk, 2, {}}}) {
      const double reach = stroke.width > 3 ? 4.6 : 3.8;
      for (const double side : {-1.0, 1.0}) {
        canvas.Line(std::array{Point{at.x - reach, at.y - side * reach},
                               Point{at.x + reach, at.y + side * reach}},
                    stroke);
      }
    }
  }

  void DrawScale(Canvas& canvas) const {
    const Box area = Area();
    const double step = area.height / static_cast<double>(levels_.size() + 1);
    const double x = area.right() + 1.5 * kMargin;
    // From the top, each over the lower part of the one before.
    for (size_t band = levels_.size() + 1; band-- > 0;) {
      const double top = area.bottom() - static_cast<double>(band + 1) * step;
      canvas.Rectangle({x, top, kScaleWidth, area.bottom() - top}, BandColour(band));
      if (band == levels_.size()) continue;
      canvas.Text(levels_[band].text, {x + kScaleWidth + 4, top + BelowMiddle(kTickFont)},
                  kTickFont);
    }
    canvas.Frame({x, area.y, kScaleWidth, area.height}, {kAxisGrey, 0.6, {}});
  }

  Surface surface_;
  std::vector<Tick> levels_;
  double left_ = 0, right_ = 0;
};

}  // namespace

std::unique_ptr<Figure> ContourPlot(Surface surface) {
  return std::make_unique<Plane>(std::move(surface));
}

}  // namespace seve
