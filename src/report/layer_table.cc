#include "report/layer_table.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.h"
#include "report/style.h"

namespace seve {
namespace {

constexpr size_t kColumns = 5;
constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 6;  // of a column that is cut
using Row = std::array<std::string, kColumns>;
using Widths = std::array<size_t, kColumns>;

std::string ShapeText(const Shape& shape, const Terminal& terminal) {
  std::vector<std::string> extents;
  for (const int64_t extent : shape.extents()) extents.push_back(std::to_string(extent));
  return extents.empty() ? "scalar" : Join(extents, terminal.utf8 ? "×" : "x");
}

Row RowOf(const LayerRow& layer, const Terminal& terminal) {
  return {layer.name, layer.frozen ? layer.kind + ", frozen" : layer.kind, layer.inputs,
          ShapeText(layer.output, terminal),
          layer.parameters == 0 ? "-" : WithThousands(layer.parameters)};
}

Widths WidestCells(const std::vector<Row>& rows) {
  Widths widths{};
  for (const Row& row : rows) {
    for (size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  return widths;
}

size_t TotalWidth(const Widths& widths) {
  return std::accumulate(widths.begin(), widths.end(), kGap * (kColumns - 1));
}

// Takes from the widest of name, kind and input until the table fits.
void Narrow(Widths& widths, size_t limit) {
  while (TotalWidth(widths) > limit) {
    const auto widest = std::max_element(widths.begin(), widths.begin() + 3);
    if (*widest <= kNarrowest) return;
    --*widest;
  }
}

std::string LineOf(const Row& row, const Widths& widths) {
  const std::string gap(kGap, ' ');
  std::string line;
  for (size_t i = 0; i + 1 < kColumns; ++i) {
    line += PadRight(Shorten(row[i], widths[i]), widths[i]) + gap;
  }
  return line + PadLeft(row[kColumns - 1], widths[kColumns - 1]);
}

std::string Rule(size_t width, const Terminal& terminal) {
  std::string rule;
  for (size_t i = 0; i < width; ++i) rule += terminal.utf8 ? "─" : "-";
  return Painted(terminal, Ink::kDim, rule);
}

}  // namespace

std::vector<std::string> LayerTable(const std::vector<LayerRow>& layers, int64_t parameters,
                                    int64_t trainable, const Terminal& terminal) {
  std::vector<Row> rows{{"layer", "kind", "input", "output", "parameters"}};
  for (const LayerRow& layer : layers) rows.push_back(RowOf(layer, terminal));
  const size_t body = rows.size();
  rows.push_back({"total", "", "", "", WithThousands(parameters)});
  if (trainable != parameters) rows.push_back({"trained", "", "", "", WithThousands(trainable)});

  Widths widths = WidestCells(rows);
  Narrow(widths, static_cast<size_t>(std::max(terminal.columns, 60)));
  std::vector<std::string> lines;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i == 1 || i == body) lines.push_back(Rule(TotalWidth(widths), terminal));
    const std::string line = LineOf(rows[i], widths);
    lines.push_back(i == 0 ? Painted(terminal, Ink::kBold, line) : line);
  }
  return lines;
}

}  // namespace seve
