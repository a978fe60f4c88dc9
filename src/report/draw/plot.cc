#include "report/draw/plot.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "report/draw/curve.h"
#include "report/draw/direct_labels.h"
#include "report/draw/fitted_text.h"
#include "report/draw/look.h"

namespace seve {
namespace {

constexpr double kRoomAround = 0.05;   // of the range, above and below what is drawn
constexpr double kRoomBeside = 0.015;  // left and right of it
constexpr double kHeaderGap = 5;       // between the header and the area
constexpr double kLabelGap = 3;        // between the label and the ticks' texts
constexpr double kBetween = 14;        // title and legend

// Alone, a series needs no dashes to be told apart.
Chart Distinct(Chart chart) {
  if (chart.series.size() == 1 && chart.series[0].dashes < 0) chart.series[0].dashes = 0;
  return chart;
}

}  // namespace

Plot::Plot(Chart chart)
    : chart_(Distinct(std::move(chart))),
      legend_(chart_.direct_labels ? std::vector<Series>() : chart_.series) {
  for (const Series& series : chart_.series) {
    Check(series.x.size() == series.y.size(), "a series has other x than y");
    Check(series.low.size() == series.high.size(), "a series' band has other low than high ends");
    Check(series.low.empty() || series.low.size() == series.x.size(),
          "a series' band has other points than the series");
  }
}

AxisRange Plot::XRange() const {
  AxisRange range;
  for (const Series& series : chart_.series) range.Include(series.x, chart_.log_x);
  range.Include(chart_.x_marks, chart_.log_x);
  if (chart_.mark_x && !range.empty()) range.Include(*chart_.mark_x, chart_.log_x);
  return range;
}

Axis Plot::XAxis(const AxisRange& range) const {
  return {range, chart_.log_x, kRoomBeside, chart_.x_marks};
}

Axis Plot::YAxis() const {
  AxisRange range;
  for (const Series& series : chart_.series) {
    for (const auto* values : {&series.y, &series.low, &series.high}) {
      range.Include(*values, chart_.log_y);
    }
  }
  return {range, chart_.log_y, kRoomAround, chart_.y_marks};
}

bool Plot::LegendBesideTitle(double width) const {
  const double title = chart_.title.empty() ? 0 : TextWidth(chart_.title, kPanelFont) + kBetween;
  return title + legend_.width() <= width;
}

double Plot::HeaderHeight(double width) const {
  const double title = chart_.title.empty() ? 0 : LineHeight(kPanelFont);
  const double legend = legend_.HeightWithin(width);
  return (LegendBesideTitle(width) ? std::max(title, legend) : title + legend) + kHeaderGap;
}

double Plot::LeftWidth(double area_height) const {
  const double label = chart_.y_label.empty() ? 0 : LineHeight(kLabelFont) + kLabelGap;
  return WidthOfTexts(YAxis().TicksAbove(area_height)) + label;
}

double Plot::RightWidth() const {
  return chart_.direct_labels ? WidthOfDirectLabels(chart_.series) : 0;
}

void Plot::DrawHeader(Canvas& canvas, const Box& box) const {
  const double base = box.y + kPanelFont.size;
  canvas.Text(Fitted(chart_.title, kPanelFont, box.width), {box.x, base}, kPanelFont);
  const bool below = !chart_.title.empty() && !LegendBesideTitle(box.width);
  legend_.Draw(canvas, {box.x, box.y + (below ? LineHeight(kPanelFont) : 0), box.width, 0});
}

void Plot::DrawMark(Canvas& canvas, const Axes& axes) const {
  if (!chart_.mark_x) return;
  const Box& area = axes.area();
  const double x = axes.At(*chart_.mark_x, 1).x;
  if (!std::isfinite(x)) return;
  canvas.Line(std::array{Point{x, area.y}, Point{x, area.bottom()}}, {kSoftInk, 0.7, {2, 2}});
  if (chart_.mark_name.empty()) return;
  const double width = TextWidth(chart_.mark_name, kTickFont) + 4;
  const bool left = x + width + 2 > area.right();
  const Box box{left ? x - width - 2 : x + 2, area.y + 1, width, kTickFont.size + 2};
  canvas.Rectangle(box, kPaper);
  canvas.Text(chart_.mark_name, {box.x + 2, box.bottom() - 2.5}, kTickFont);
}

void Plot::Draw(Canvas& canvas, const Box& area, const Axis& x, double left, bool x_texts) const {
  const Axes axes(area, x, YAxis());
  const double header = HeaderHeight(area.width);
  DrawHeader(canvas, {area.x, area.y - header, area.width, header});
  axes.DrawGrid(canvas);
  DrawMark(canvas, axes);
  for (const Series& series : chart_.series) DrawBand(canvas, axes, series);
  for (const Series& series : chart_.series) DrawCurve(canvas, axes, series);
  axes.DrawAxes(canvas, x_texts);
  if (chart_.direct_labels) DrawDirectLabels(canvas, axes, chart_.series);
  axes.DrawLabels(canvas, x_texts ? chart_.x_label : "", chart_.y_label, left);
  if (XRange().empty()) {
    canvas.Text("no values", {area.x + area.width / 2, area.y + area.height / 2}, kLabelFont,
                TextAlign::kCentre);
  }
}

}  // namespace seve
