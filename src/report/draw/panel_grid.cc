#include "report/draw/panel_grid.h"

#include <algorithm>

#include "base/error.h"
#include "report/draw/fitted_text.h"
#include "report/draw/look.h"

namespace seve {
namespace {

constexpr double kGap = 10;

double Extent(size_t count, double size) {
  return static_cast<double>(count) * (size + kGap) - (count > 0 ? kGap : 0);
}

}  // namespace

PanelGrid::PanelGrid(size_t count, int columns, std::string title)
    : count_(count), title_(std::move(title)) {
  Check(columns > 0, "a figure has no columns");
  columns_ = std::min(count, static_cast<size_t>(columns));
}

double PanelGrid::width() const {
  return std::max(kMargin + Extent(columns_, PanelSize().width), WidthForTitle(title_)) + kMargin;
}

double PanelGrid::height() const {
  const size_t rows = columns_ == 0 ? 0 : (count_ + columns_ - 1) / columns_;
  return 2 * kMargin + TitleHeight(title_) + Extent(rows, PanelSize().height);
}

void PanelGrid::Draw(Canvas& canvas) const {
  canvas.Text(Fitted(title_, kTitleFont, width() - 2 * kMargin),
              {kMargin, kMargin + kTitleFont.size}, kTitleFont);
  const auto [panel_width, panel_height] = PanelSize();
  for (size_t i = 0; i < count_; ++i) {
    const auto column = static_cast<double>(i % columns_);
    const auto row = static_cast<double>(i / columns_);
    DrawPanel(
        canvas, i,
        {kMargin + column * (panel_width + kGap),
         kMargin + TitleHeight(title_) + row * (panel_height + kGap), panel_width, panel_height});
  }
}

}  // namespace seve
