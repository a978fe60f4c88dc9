#include "report/pictures/model_diagram.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "base/text.h"
#include "report/draw/charts.h"

namespace seve {
namespace {

// "a, b" -> "a" and "b".
std::vector<std::string> InputsOf(const LayerRow& layer) {
  std::vector<std::string> names;
  std::string_view rest = layer.inputs;
  for (size_t comma = rest.find(", "); comma != std::string_view::npos; comma = rest.find(", ")) {
    names.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(comma + 2);
  }
  names.emplace_back(rest);
  return names;
}

std::string ShapeText(const Shape& shape) {
  std::vector<std::string> extents;
  for (const int64_t extent : shape.extents()) extents.push_back(WithThousands(extent));
  return Join(extents, " × ");
}

std::string DetailOf(const LayerRow& layer) {
  const std::string text = fmt::format("{}, {}", layer.kind, ShapeText(layer.output));
  if (layer.parameters == 0) return text;
  return fmt::format("{}\n{} parameters{}", text, WithThousands(layer.parameters),
                     layer.frozen ? ", frozen" : "");
}

}  // namespace

std::unique_ptr<Figure> ModelDiagram(const std::vector<LayerRow>& layers) {
  std::vector<Block> blocks;
  std::map<std::string, int> place;
  for (const LayerRow& layer : layers) {
    std::vector<int> inputs;
    for (const std::string& input : InputsOf(layer)) {
      const auto [found, is_new] = place.try_emplace(input, std::ssize(blocks));
      if (is_new) blocks.push_back({input, "data", {}});
      inputs.push_back(found->second);
    }
    place.emplace(layer.name, std::ssize(blocks));
    blocks.push_back({layer.name, DetailOf(layer), std::move(inputs)});
  }
  return BlockDiagram(std::move(blocks));
}

}  // namespace seve
