#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "report/draw/axes.h"
#include "report/draw/charts.h"
#include "report/draw/fitted_text.h"
#include "report/draw/look.h"
#include "report/draw/palette.h"
#include "report/draw/panel_grid.h"

namespace seve {
namespace {

constexpr double kNarrowest = 126;
constexpr double kHeader = 18;
constexpr double kRoomAbove = 1.05;

Axis HeightAxis(const Bars& bars) {
  AxisRange range;
  range.Include(bars.heights);
  range.low = 0;
  range.high = kRoomAbove * (range.high > 0 ? range.high : 1);
  return {range, false};
}

class HistogramGrid : public PanelGrid {
 public:
  HistogramGrid(std::vector<Bars> panels, int columns, const std::string& title)
      : PanelGrid(panels.size(), columns, title), panels_(std::move(panels)) {
    for (const Bars& bars : panels_) {
      left_ = std::max(left_, WidthOfTexts(HeightAxis(bars).TicksAbove(AreaHeight())));
      below_ = std::max(below_, HeightOfTexts(bars.x_label));
    }
  }

 private:
  [[nodiscard]] double PanelWidth() const {
    const auto count = static_cast<double>(std::max<size_t>(columns(), 1));
    return std::max((kFigureWidth - 2 * kMargin) / count - kMargin, kNarrowest);
  }
  [[nodiscard]] double AreaHeight() const { return std::clamp(0.5 * PanelWidth(), 60.0, 110.0); }
  [[nodiscard]] Size PanelSize() const override {
    return {PanelWidth(), kHeader + AreaHeight() + below_};
  }

  void DrawPanel(Canvas& canvas, size_t index, const Box& box) const override {
    const Bars& bars = panels_[index];
    const Box area{box.x + left_, box.y + kHeader, box.width - left_ - kMargin, AreaHeight()};
    const Axes axes(area, Axis({bars.low, bars.high}, false), HeightAxis(bars));
    const std::string title = Fitted(bars.title, kPanelFont, box.width);
    const double title_x = std::min(area.x, box.right() - TextWidth(title, kPanelFont));
    canvas.Text(title, {title_x, box.y + kPanelFont.size}, kPanelFont);
    axes.DrawGrid(canvas);
    const double interval = area.width / static_cast<double>(bars.heights.size());
    const double gap = std::min(0.6, interval / 6);
    for (size_t i = 0; i < bars.heights.size(); ++i) {
      if (!(bars.heights[i] > 0)) continue;
      const double top = axes.At(bars.low, bars.heights[i]).y;
      canvas.Rectangle({area.x + static_cast<double>(i) * interval + gap / 2, top, interval - gap,
                        area.bottom() - top},
                       PaletteColour(0));
    }
    axes.DrawAxes(canvas, true);
    axes.DrawLabels(canvas, bars.x_label, "", box.x);
  }

  std::vector<Bars> panels_;
  double left_ = 0, below_ = 0;
};

}  // namespace

std::unique_ptr<Figure> Histograms(std::vector<Bars> panels, int columns,
                                   const std::string& title) {
  return std::make_unique<HistogramGrid>(std::move(panels), columns, title);
}

}  // namespace seve
