// A pair of axes: from values to points of the paper, with grid and ticks.
#pragma once

#include <limits>
#include <utility>
#include <vector>

#include "report/draw/canvas.h"
#include "report/draw/ticks.h"

namespace seve {

// The values an axis has to show.
struct AxisRange {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  [[nodiscard]] bool empty() const { return low > high; }
  // Values that cannot be shown have no place: infinite ones, on a logarithmic axis those up to 0.
  void Include(double value, bool logarithmic = false);
  void Include(const std::vector<double>& values, bool logarithmic = false);
};

class Axis {
 public:
  // `margin` widens the range at both ends, as a share of it. A range of one value is widened
  // around it; an empty one becomes that from 0 to 1 (1 to 10 if logarithmic). An end that cannot
  // be shown is left out. `marks`: ticks in place of chosen ones, within the range whatever it is.
  Axis(AxisRange asked, bool logarithmic, double margin = 0, const std::vector<double>& marks = {});

  // From 0 at the low end to 1; NaN for what is not on the axis.
  [[nodiscard]] double Fraction(double value) const;
  [[nodiscard]] std::vector<Tick> Ticks(int most) const;
  // As many as `length` points of paper hold when texts stand above each other, or side by side.
  [[nodiscard]] std::vector<Tick> TicksAbove(double length) const;
  [[nodiscard]] std::vector<Tick> TicksBeside(double length) const;

 private:
  bool logarithmic_;
  double low_, high_;  // the logarithms to base 10 if logarithmic
  std::vector<Tick> marks_;
};

class Axes {
 public:
  Axes(const Box& area, Axis x, Axis y) : area_(area), x_(std::move(x)), y_(std::move(y)) {}

  [[nodiscard]] const Box& area() const { return area_; }
  // NaN where the point cannot be shown.
  [[nodiscard]] Point At(double x, double y) const;

  void DrawGrid(Canvas& canvas) const;
  // Lines, ticks and their texts; those of x only where the axis is not shared with one below.
  void DrawAxes(Canvas& canvas, bool x_texts) const;
  void DrawLabels(Canvas& canvas, const std::string& x_label, const std::string& y_label,
                  double left) const;

 private:
  Box area_;
  Axis x_, y_;
};

// What the texts take left of the area and below it.
double WidthOfTexts(const std::vector<Tick>& ticks);
double HeightOfTexts(const std::string& x_label);

}  // namespace seve
