#include <algorithm>

#include "report/draw/charts.h"
#include "report/draw/look.h"
#include "report/draw/panel_grid.h"
#include "report/draw/plot.h"

namespace seve {
namespace {

constexpr double kNarrowest = 170;

std::vector<Plot> PlotsOf(std::vector<Chart> charts) {
  std::vector<Plot> plots;
  for (Chart& chart : charts) plots.emplace_back(std::move(chart));
  return plots;
}

class Charts : public PanelGrid {
 public:
  Charts(std::vector<Chart> charts, int columns, const std::string& title)
      : PanelGrid(charts.size(), columns, title), plots_(PlotsOf(std::move(charts))) {
    for (const Plot& plot : plots_) {
      left_ = std::max(left_, plot.LeftWidth(AreaHeight()));
      below_ = std::max(below_, HeightOfTexts(plot.chart().x_label));
    }
    for (const Plot& plot : plots_) header_ = std::max(header_, plot.HeaderHeight(AreaWidth()));
  }

 private:
  [[nodiscard]] double PanelWidth() const {
    const auto count = static_cast<double>(std::max<size_t>(columns(), 1));
    return std::max((kFigureWidth - 2 * kMargin) / count, kNarrowest);
  }
  [[nodiscard]] double AreaWidth() const { return PanelWidth() - left_ - kMargin; }
  [[nodiscard]] double AreaHeight() const { return std::min(0.6 * PanelWidth(), 170.0); }
  [[nodiscard]] Size PanelSize() const override {
    return {PanelWidth(), header_ + AreaHeight() + below_};
  }

  void DrawPanel(Canvas& canvas, size_t index, const Box& box) const override {
    const Plot& plot = plots_[index];
    plot.Draw(canvas, {box.x + left_, box.y + header_, AreaWidth(), AreaHeight()},
              plot.XAxis(plot.XRange()), box.x + left_ - plot.LeftWidth(AreaHeight()), true);
  }

  std::vector<Plot> plots_;
  double left_ = 0, header_ = 0, below_ = 0;
};

}  // namespace

std::unique_ptr<Figure> ChartGrid(std::vector<Chart> charts, int columns,
                                  const std::string& title) {
  return std::make_unique<Charts>(std::move(charts), columns, title);
}

}  // namespace seve
