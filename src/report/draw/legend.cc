#include "report/draw/legend.h"

#include <algorithm>

#include "report/draw/fitted_text.h"
#include "report/draw/look.h"
#include "report/draw/series_look.h"

namespace seve {
namespace {

constexpr double kSample = 16;
constexpr double kGap = 4;
constexpr double kBetween = 9;  // entries of a row

double EntryWidth(const Series& series) {
  return kSample + kGap + TextWidth(series.name, kTickFont);
}

template <class Entries>
double RowWidth(const Entries& entries) {
  double width = -kBetween;
  for (const Series* series : entries) width += EntryWidth(*series) + kBetween;
  return std::max(width, 0.0);
}

}  // namespace

Legend::Legend(const std::vector<Series>& series) {
  for (const Series& one : series) {
    if (one.name.empty()) continue;
    Series& entry = series_.emplace_back();
    entry.name = one.name;
    entry.style = one.style;
    entry.colour = one.colour;
    entry.dashes = one.dashes;
  }
}

double Legend::width() const {
  Row all;
  for (const Series& series : series_) all.push_back(&series);
  return RowWidth(all);
}

std::vector<Legend::Row> Legend::RowsWithin(double width) const {
  std::vector<Row> rows;
  for (const Series& series : series_) {
    if (rows.empty() || RowWidth(rows.back()) + kBetween + EntryWidth(series) > width) {
      rows.emplace_back();
    }
    rows.back().push_back(&series);
  }
  return rows;
}

double Legend::HeightWithin(double width) const {
  return static_cast<double>(RowsWithin(width).size()) * LineHeight(kTickFont);
}

void Legend::Draw(Canvas& canvas, const Box& box) const {
  double base = box.y + kTickFont.size;
  for (const Row& row : RowsWithin(box.width)) {
    double x = std::max(box.x, box.right() - RowWidth(row));
    for (const Series* series : row) {
      DrawSample(canvas, *series, {x, base - BelowMiddle(kTickFont)}, kSample);
      const std::string name = Fitted(series->name, kTickFont, box.right() - x - kSample - kGap);
      canvas.Text(name, {x + kSample + kGap, base}, kTickFont);
      x += EntryWidth(*series) + kBetween;
    }
    base += LineHeight(kTickFont);
  }
}

}  // namespace seve
