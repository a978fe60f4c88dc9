#include "report/text_table.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/text.h"
#include "report/style.h"

namespace seve {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 6;  // of a column that is cut

size_t TotalWidth(const std::vector<size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
}

std::string Rule(size_t width, const Terminal& terminal) {
  std::string rule;
  for (size_t i = 0; i < width; ++i) rule += terminal.utf8 ? "─" : "-";
  return Painted(terminal, Ink::kDim, rule);
}

}  // namespace

std::vector<std::string> TextTable::Lines(const Terminal& terminal, size_t width) const {
  const auto widths = Widths(width);
  const std::string rule = Rule(TotalWidth(widths), terminal);
  std::vector<std::string> headings;
  for (const Column& column : columns_) headings.push_back(column.heading);
  std::vector<std::string> lines = {Painted(terminal, Ink::kBold, LineOf(headings, widths)), rule};
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (std::ranges::find(rules_, i) != rules_.end()) lines.push_back(rule);
    lines.push_back(LineOf(rows_[i], widths));
  }
  return lines;
}

std::string TextTable::Text(const Terminal& terminal) const {
  return Join(Lines(terminal, std::numeric_limits<size_t>::max()), "\n") + "\n";
}

// Those of the widest cells, less what is taken from the widest column that shrinks.
std::vector<size_t> TextTable::Widths(size_t limit) const {
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t widest = DisplayWidth(columns_[i].heading);
    for (const auto& row : rows_) widest = std::max(widest, DisplayWidth(row[i]));
    widths.push_back(widest);
  }
  while (TotalWidth(widths) > limit) {
    size_t* widest = nullptr;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].shrinks && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (widest == nullptr || *widest <= kNarrowest) break;
    --*widest;
  }
  return widths;
}

std::string TextTable::LineOf(const std::vector<std::string>& row,
                              const std::vector<size_t>& widths) const {
  std::vector<std::string> cells;
  for (size_t i = 0; i < row.size(); ++i) {
    const std::string cell = Shorten(row[i], widths[i]);
    cells.push_back(columns_[i].right ? PadLeft(cell, widths[i]) : PadRight(cell, widths[i]));
  }
  const std::string line = Join(cells, std::string(kGap, ' '));
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

}  // namespace seve
