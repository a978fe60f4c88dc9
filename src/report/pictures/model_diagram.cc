#include "report/pictures/model_diagram.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

#include "base/text.h"
#include "report/draw/charts.h"
#include "report/folded_layers.h"

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

// More boxes are no picture any more.
constexpr size_t kMostBoxes = 48;

std::vector<LayerGroup> GroupsOf(const std::vector<LayerRow>& layers) {
  auto groups = FoldCopies(layers);
  if (groups.size() > kMostBoxes) groups = FoldComposites(layers);
  if (groups.size() <= kMostBoxes) return groups;
  LayerRow row = layers.back();
  row.name = fmt::format("{} layers", WithThousands(std::ssize(layers)));
  row.kind = "too many to draw";
  row.inputs = layers.front().inputs;
  row.parameters = 0;
  for (const LayerRow& layer : layers) row.parameters += layer.parameters;
  return {{0, layers.size(), std::move(row)}};
}

// Names of what a group reads from outside, each once.
std::vector<std::string> InputsOf(const std::vector<LayerRow>& layers, const LayerGroup& group) {
  std::vector<std::string> names;
  std::set<std::string> known;  // inside, or noted already
  for (size_t i = group.first; i < group.first + group.count; ++i) {
    for (std::string& input : InputsOf(layers[i])) {
      if (known.insert(input).second) names.push_back(std::move(input));
    }
    known.insert(layers[i].name);
  }
  return names;
}

}  // namespace

std::unique_ptr<Figure> ModelDiagram(const std::vector<LayerRow>& layers) {
  std::vector<Block> blocks;
  std::map<std::string, int> place;
  for (const LayerGroup& group : GroupsOf(layers)) {
    std::vector<int> inputs;
    for (const std::string& input : InputsOf(layers, group)) {
      const auto [found, is_new] = place.try_emplace(input, std::ssize(blocks));
      if (is_new) blocks.push_back({input, "data", {}});
      inputs.push_back(found->second);
    }
    for (size_t i = group.first; i < group.first + group.count; ++i) {
      place.emplace(layers[i].name, std::ssize(blocks));
    }
    blocks.push_back({group.row.name, DetailOf(group.row), std::move(inputs)});
  }
  return BlockDiagram(std::move(blocks));
}

}  // namespace seve
