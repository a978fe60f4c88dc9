// One chart in a box: what figures of one or several charts have in common.
#pragma once

#include <vector>

#include "report/draw/axes.h"
#include "report/draw/canvas.h"
#include "report/draw/charts.h"
#include "report/draw/legend.h"

namespace seve {

class Plot {
 public:
  explicit Plot(Chart chart);

  [[nodiscard]] const Chart& chart() const { return chart_; }
  // The values of x to show, the marked one among them.
  [[nodiscard]] AxisRange XRange() const;
  [[nodiscard]] Axis XAxis(const AxisRange& range) const;
  // What title and legend take above the area, `width` points being available.
  [[nodiscard]] double HeaderHeight(double width) const;
  // What the ticks' texts and the label take left of an area of this height.
  [[nodiscard]] double LeftWidth(double area_height) const;
  // What names beside the ends of lines take right of it.
  [[nodiscard]] double RightWidth() const;

  // The header lies above the area; `left` is where the label of y starts.
  void Draw(Canvas& canvas, const Box& area, const Axis& x, double left, bool x_texts) const;

 private:
  [[nodiscard]] Axis YAxis() const;
  [[nodiscard]] bool LegendBesideTitle(double width) const;
  void DrawHeader(Canvas& canvas, const Box& box) const;
  void DrawMark(Canvas& canvas, const Axes& axes) const;

  Chart chart_;
  Legend legend_;
};

}  // namespace seve
