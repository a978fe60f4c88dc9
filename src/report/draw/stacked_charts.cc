#include <algorithm>

#include "report/draw/charts.h"
#include "report/draw/look.h"
#include "report/draw/plot.h"

namespace seve {
namespace {

constexpr double kAreaHeight = 106;
constexpr double kBetween = 9;

class Stack : public Figure {
 public:
  explicit Stack(std::vector<Chart> charts) {
    for (Chart& chart : charts) plots_.emplace_back(std::move(chart));
    for (const Plot& plot : plots_) {
      left_ = std::max(left_, kMargin + plot.LeftWidth(kAreaHeight));
      right_ = std::max(right_, kMargin + plot.RightWidth());
      const AxisRange range = plot.XRange();
      x_range_.Include(range.low);
      x_range_.Include(range.high);
    }
  }

  [[nodiscard]] double width() const override { return kFigureWidth; }

  [[nodiscard]] double height() const override {
    double height = 2 * kMargin;
    if (plots_.empty()) return height;
    for (const Plot& plot : plots_)
      height += plot.HeaderHeight(AreaWidth()) + kAreaHeight + kBetween;
    return height - kBetween + HeightOfTexts(plots_.back().chart().x_label);
  }

  void Draw(Canvas& canvas) const override {
    if (plots_.empty()) return;
    const Axis x = plots_.front().XAxis(x_range_);
    double y = kMargin;
    for (const Plot& plot : plots_) {
      y += plot.HeaderHeight(AreaWidth());
      plot.Draw(canvas, {left_, y, AreaWidth(), kAreaHeight}, x, kMargin, &plot == &plots_.back());
      y += kAreaHeight + kBetween;
    }
  }

 private:
  [[nodiscard]] double AreaWidth() const { return kFigureWidth - left_ - right_; }

  std::vector<Plot> plots_;
  AxisRange x_range_;
  double left_ = 0, right_ = 1.5 * kMargin;
};

}  // namespace

void AddLineWithPoints(Series line, Chart* chart) {
  Series points = line;
  points.name.clear();
  points.low.clear();
  points.high.clear();
  points.style = SeriesStyle::kPoints;
  chart->series.push_back(std::move(line));
  chart->series.push_back(std::move(points));
}

std::unique_ptr<Figure> StackedCharts(std::vector<Chart> charts) {
  return std::make_unique<Stack>(std::move(charts));
}

}  // namespace seve
