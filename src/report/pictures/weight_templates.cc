#include "report/pictures/weight_templates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "report/draw/charts.h"
#include "report/pictures/value_picture.h"

namespace seve {
namespace {

constexpr int64_t kMost = 256;
constexpr int64_t kFew = 20;                        // so many are drawn large
constexpr double kLargeSide = 70, kSmallSide = 28;  // points
constexpr int kLargeColumns = 5, kSmallColumns = 10;

// Maybe through layers that give it another shape: the values are those of the data, in row-major
// order, whatever shape they have on the way.
bool ReadsInput(const Graph& graph, const Node& node) {
  const Value& value = graph.values[static_cast<size_t>(node.inputs.front())];
  if (value.producer < 0) return value.name == "input";
  const Node& producer = graph.nodes[static_cast<size_t>(value.producer)];
  const auto kind = producer.layer->kind();
  return (kind == "flatten" || kind == "reshape") && ReadsInput(graph, producer);
}

bool IsScored(const Graph& graph, const Node& node) {
  return graph.Root(graph.losses.front().scores) == node.output;
}

std::string CaptionOf(const TemplateLayer& layer, int64_t row,
                      const std::vector<std::string>& class_names) {
  const auto unit = static_cast<size_t>(row / layer.pieces);
  const bool named = layer.scored && unit < class_names.size();
  const std::string name = named ? class_names[unit] : std::to_string(unit);
  return layer.pieces == 1 ? name : fmt::format("{}, piece {}", name, row % layer.pieces);
}

// The scale's end: what 99 of 100 weights stay below, lest a few large ones make the rest pale.
double LimitOf(std::span<const float> weights) {
  std::vector<float> magnitudes;
  for (const float weight : weights) {
    if (std::isfinite(weight)) magnitudes.push_back(std::abs(weight));
  }
  if (magnitudes.empty()) return 0;
  const auto place = magnitudes.begin() + std::ssize(magnitudes) * 99 / 100;
  std::ranges::nth_element(magnitudes, place);
  return static_cast<double>(*place);
}

std::string TitleOf(const TemplateLayer& layer, int64_t shown, double limit,
                    const std::string& when) {
  const int64_t rows = layer.units * layer.pieces;
  const std::string part =
      shown < rows ? fmt::format(" ({} of {})", shown, WithThousands(rows)) : "";
  const std::string scale =
      layer.picture[0] == 1 ? fmt::format("; blue ≤ -{0:.2g}, white 0, red ≥ {0:.2g}", limit) : "";
  return fmt::format("{}{}, {}{}", layer.name, part, when, scale);
}

int ColumnsFor(int64_t tiles) { return tiles <= kFew ? kLargeColumns : kSmallColumns; }

}  // namespace

std::vector<TemplateLayer> TemplateLayers(const Graph& graph, const ParameterLayout& layout) {
  std::vector<TemplateLayer> layers;
  const Shape& picture = graph.Input().shape;
  if (!IsPicture(picture)) return layers;
  for (const Parameter& parameter : layout.parameters) {
    const Node& node = graph.nodes[static_cast<size_t>(parameter.node)];
    const auto kind = node.layer->kind();
    const bool filters = kind == "conv2d";
    if (!filters && kind != "linear" && kind != "maxout") continue;
    if (parameter.spec.name != "weight" || !ReadsInput(graph, node)) continue;
    // Filters lie as (O, I, H, W).
    const Shape& shape = parameter.spec.shape;
    const Shape piece = filters ? Shape{shape[1], shape[2], shape[3]} : picture;
    if (!IsPicture(piece)) continue;
    const int64_t units = filters ? shape[0] : node.layer->output().elements();
    layers.push_back({.name = node.name,
                      .weight = &parameter,
                      .picture = piece,
                      .units = units,
                      .pieces = parameter.spec.shape[0] / units,
                      .scored = IsScored(graph, node)});
  }
  return layers;
}

std::unique_ptr<Figure> WeightTemplates(const TemplateLayer& layer, std::span<const float> weights,
                                        const std::vector<std::string>& class_names,
                                        const std::string& when) {
  const int64_t shown = std::min(layer.units * layer.pieces, kMost);
  const auto pixels = static_cast<size_t>(layer.picture.elements());
  const auto drawn = weights.first(static_cast<size_t>(shown) * pixels);
  const double limit = LimitOf(drawn);
  std::vector<Tile> tiles;
  for (int64_t row = 0; row < shown; ++row) {
    const auto values = drawn.subspan(static_cast<size_t>(row) * pixels, pixels);
    tiles.push_back({.image = layer.picture[0] == 1
                                  ? SignedPicture(values, layer.picture[1], layer.picture[2], limit)
                                  : StretchedPicture(values, layer.picture),
                     .caption = CaptionOf(layer, row, class_names)});
  }
  return TileGrid(std::move(tiles), ColumnsFor(shown), shown <= kFew ? kLargeSide : kSmallSide,
                  TitleOf(layer, shown, limit, when));
}

}  // namespace seve
