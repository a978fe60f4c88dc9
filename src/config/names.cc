#include "config/names.h"

#include <algorithm>

#include "config/load.h"

namespace seve {
namespace {

// "linear", as the field of Layer is called, or the definition used; "layer" when no kind is given
// (an error found later).
std::string KindName(const config::Layer& layer) {
  if (layer.has_use()) return layer.use();
  const auto* oneof = config::Layer::descriptor()->FindOneofByName("kind");
  const auto* field = layer.GetReflection()->GetOneofFieldDescriptor(layer, oneof);
  return field == nullptr ? "layer" : field->name();
}

}  // namespace

std::vector<std::string> LayerNames(const LayerList& layers) {
  std::vector<std::string> names;
  for (const auto& layer : layers) {
    if (layer.has_name()) {
      names.push_back(layer.name());
      continue;
    }
    const std::string kind = KindName(layer);
    std::string name;
    int count = 1;
    do {
      name = kind + "_" + std::to_string(count++);
    } while (std::find(names.begin(), names.end(), name) != names.end());
    names.push_back(name);
  }
  return names;
}

std::vector<std::string> LayerNames(const config::Model& model) {
  return LayerNames(model.layer());
}

std::vector<std::string> DefinitionNames(const config::Model& model) {
  std::vector<std::string> names;
  for (const auto& definition : model.define()) names.push_back(definition.name());
  return names;
}

}  // namespace seve
