// Names of the series, with samples of their lines, in rows outside of the chart.
#pragma once

#include <vector>

#include "report/draw/canvas.h"
#include "report/draw/charts.h"

namespace seve {

class Legend {
 public:
  explicit Legend(const std::vector<Series>& series);

  [[nodiscard]] bool empty() const { return series_.empty(); }
  // Of all names in one row.
  [[nodiscard]] double width() const;
  [[nodiscard]] double HeightWithin(double width) const;
  // Rows end at the box's right side and start at its top.
  void Draw(Canvas& canvas, const Box& box) const;

 private:
  using Row = std::vector<const Series*>;
  [[nodiscard]] std::vector<Row> RowsWithin(double width) const;

  std::vector<Series> series_;  // those with names, without values
};

}  // namespace seve
