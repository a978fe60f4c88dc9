#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "report/draw/charts.h"
#include "report/draw/fitted_text.h"
#include "report/draw/look.h"
#include "report/draw/palette.h"

namespace seve {
namespace {

constexpr double kSide = 290;  // of the matrix, unless cells would become too small or too large
constexpr double kSmallestCell = 5.5;
constexpr double kLargestCell = 60;
constexpr double kLongestName = 90;
constexpr double kScaleWidth = 10;
constexpr double kShortestScale = 96;
constexpr double kScaleRoom = 50;  // the scale with its texts
constexpr double kDark = 0.55;     // shades from here on have white numbers

// Shades of small shares differ more than those of large ones: one sample in a hundred is to be
// seen.
double Darkness(double share) { return std::sqrt(share); }

class Matrix : public Figure {
 public:
  Matrix(const std::vector<std::string>& names, const std::vector<double>& counts,
         const std::string& title)
      : names_(names), counts_(counts), title_(title) {
    Check(counts.size() == names.size() * names.size(), "a confusion matrix is not square");
    const auto classes = static_cast<double>(std::max<size_t>(names.size(), 1));
    cell_ = std::clamp(kSide / classes, kSmallestCell,
                       std::max(kLargestCell, kShortestScale / classes));
    name_font_ = {std::min(kTickFont.size, 0.85 * cell_), false, kInk};
    number_font_ = {std::min(kTickFont.size, 0.45 * cell_), false, kInk};
    name_room_ = std::min(WidestText(names, name_font_), kLongestName) + 5;
    std::vector<std::string> numbers;
    for (const double count : counts) numbers.push_back(NumberText(count));
    numbers_fit_ = number_font_.size >= 5 && WidestText(numbers, number_font_) < cell_ - 2;
    names_lie_ = WidestText(names, name_font_) < cell_ - 3;
  }

  [[nodiscard]] double width() const override {
    return std::max(Area().right() + kScaleRoom, WidthForTitle(title_)) + kMargin;
  }
  [[nodiscard]] double height() const override { return Area().bottom() + kMargin; }

  void Draw(Canvas& canvas) const override {
    canvas.Text(Fitted(title_, kTitleFont, width() - 2 * kMargin),
                {kMargin, kMargin + kTitleFont.size}, kTitleFont);
    DrawCells(canvas);
    if (numbers_fit_) DrawNumbers(canvas);
    canvas.Frame(Area(), {kAxisGrey, 0.6, {}});
    DrawNames(canvas);
    DrawScale(canvas);
  }

 private:
  [[nodiscard]] static std::string NumberText(double count) {
    return count == 0 ? "" : fmt::format("{:.6g}", count);
  }

  [[nodiscard]] Box Area() const {
    const double side = cell_ * static_cast<double>(names_.size());
    const double above = names_lie_ ? LineHeight(name_font_) : name_room_;
    return {kMargin + LineHeight(kLabelFont) + name_room_,
            kMargin + TitleHeight(title_) + LineHeight(kLabelFont) + above, side, side};
  }

  [[nodiscard]] double CountAt(size_t row, size_t column) const {
    return counts_[row * names_.size() + column];
  }

  // Of the row's share; nothing where a class has no samples.
  [[nodiscard]] double DarknessAt(size_t row, size_t column) const {
    double total = 0;
    for (size_t i = 0; i < names_.size(); ++i) total += CountAt(row, i);
    return total > 0 ? Darkness(CountAt(row, column) / total) : 0;
  }

  void DrawCells(Canvas& canvas) const {
    const auto side = static_cast<int64_t>(names_.size());
    Image image{side, side, 3, {}};
    for (size_t row = 0; row < names_.size(); ++row) {
      for (size_t column = 0; column < names_.size(); ++column) {
        AppendPixel(image, Shade(DarknessAt(row, column)));
      }
    }
    const Box area = Area();
    canvas.Draw(image, area);
    const Canvas::Stroke between{kPaper, std::min(0.5, cell_ / 15), {}};
    for (size_t i = 1; i < names_.size(); ++i) {
      const double at = static_cast<double>(i) * cell_;
      canvas.Line(std::array{Point{area.x + at, area.y}, Point{area.x + at, area.bottom()}},
                  between);
      canvas.Line(std::array{Point{area.x, area.y + at}, Point{area.right(), area.y + at}},
                  between);
    }
  }

  void DrawNumbers(Canvas& canvas) const {
    for (size_t row = 0; row < names_.size(); ++row) {
      for (size_t column = 0; column < names_.size(); ++column) {
        Canvas::Font font = number_font_;
        if (DarknessAt(row, column) > kDark) font.colour = kPaper;
        const Point middle{Area().x + (static_cast<double>(column) + 0.5) * cell_,
                           Area().y + (static_cast<double>(row) + 0.5) * cell_};
        canvas.Text(NumberText(CountAt(row, column)), {middle.x, middle.y + BelowMiddle(font)},
                    font, TextAlign::kCentre);
      }
    }
  }

  void DrawNames(Canvas& canvas) const {
    const Box area = Area();
    for (size_t i = 0; i < names_.size(); ++i) {
      const double middle = (static_cast<double>(i) + 0.5) * cell_;
      const std::string name = Fitted(names_[i], name_font_, kLongestName);
      canvas.Text(name, {area.x - 4, area.y + middle + BelowMiddle(name_font_)}, name_font_,
                  TextAlign::kRight);
      if (names_lie_) {
        canvas.Text(name, {area.x + middle, area.y - 4}, name_font_, TextAlign::kCentre);
      } else {
        canvas.Text(name, {area.x + middle + BelowMiddle(name_font_), area.y - 4}, name_font_,
                    TextAlign::kLeft, true);
      }
    }
    canvas.Text("predicted", {area.x + area.width / 2, Area().y - AboveNames()}, kLabelFont,
                TextAlign::kCentre);
    canvas.Text("truth", {kMargin + kLabelFont.size - 1, area.y + area.height / 2}, kLabelFont,
                TextAlign::kCentre, true);
  }

  [[nodiscard]] double AboveNames() const {
    return (names_lie_ ? LineHeight(name_font_) : name_room_) + 3;
  }

  void DrawScale(Canvas& canvas) const {
    constexpr int kSteps = 60;
    constexpr std::array kMarks = {0.0, 0.01, 0.05, 0.2, 0.5, 1.0};
    const Box area = Area();
    const Box scale{area.right() + kMargin + 4, area.y, kScaleWidth, std::min(area.height, 150.0)};
    // Each covers the lower part of the one before, lest the paper show between them.
    for (int i = kSteps - 1; i >= 0; --i) {
      const double top = scale.bottom() - scale.height * (i + 1) / kSteps;
      canvas.Rectangle({scale.x, top, scale.width, scale.bottom() - top},
                       Shade((i + 0.5) / kSteps));
    }
    canvas.Frame(scale, {kAxisGrey, 0.6, {}});
    for (const double share : kMarks) {
      const double y = scale.bottom() - scale.height * Darkness(share);
      canvas.Text(fmt::format("{:.0f} %", 100 * share), {scale.right() + 4, y + 3}, kTickFont);
    }
  }

  std::vector<std::string> names_;
  std::vector<double> counts_;
  std::string title_;
  double cell_ = 0, name_room_ = 0;
  Canvas::Font name_font_, number_font_;
  bool numbers_fit_ = false, names_lie_ = false;
};

}  // namespace

std::unique_ptr<Figure> ConfusionMatrix(const std::vector<std::string>& class_names,
                                        const std::vector<double>& counts,
                                        const std::string& title) {
  return std::make_unique<Matrix>(class_names, counts, title);
}

}  // namespace seve
