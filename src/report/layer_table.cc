#include "report/layer_table.h"

#include <algorithm>

#include "base/text.h"
#include "report/text_table.h"

namespace seve {
namespace {

std::string ShapeText(const Shape& shape, const Terminal& terminal) {
  std::vector<std::string> extents;
  for (const int64_t extent : shape.extents()) extents.push_back(std::to_string(extent));
  return extents.empty() ? "scalar" : Join(extents, terminal.utf8 ? "×" : "x");
}

std::vector<std::string> RowOf(const LayerRow& layer, const Terminal& terminal) {
  return {layer.name, layer.frozen ? layer.kind + ", frozen" : layer.kind, layer.inputs,
          ShapeText(layer.output, terminal),
          layer.parameters == 0 ? "-" : WithThousands(layer.parameters)};
}

}  // namespace

std::vector<std::string> LayerTable(const std::vector<LayerRow>& layers, int64_t parameters,
                                    int64_t trainable, const Terminal& terminal,
                                    int64_t statistics) {
  TextTable table({{.heading = "layer", .shrinks = true},
                   {.heading = "kind", .shrinks = true},
                   {.heading = "input", .shrinks = true},
                   {.heading = "output"},
                   {.heading = "parameters", .right = true}});
  for (const LayerRow& layer : layers) table.Add(RowOf(layer, terminal));
  table.AddRule();
  table.Add({"total", "", "", "", WithThousands(parameters)});
  if (trainable != parameters) table.Add({"trained", "", "", "", WithThousands(trainable)});
  if (statistics > 0) table.Add({"statistics", "", "", "", WithThousands(statistics)});
  return table.Lines(terminal, static_cast<size_t>(std::max(terminal.columns, 60)));
}

}  // namespace seve
