#include <algorithm>

#include "config/load.h"

namespace seve {
namespace {

// "linear", as the field of Layer is called; "layer" when no kind is given (an error found later).
std::string KindName(const config::Layer& layer) {
  const auto* oneof = config::Layer::descriptor()->FindOneofByName("kind");
  const auto* field = layer.GetReflection()->GetOneofFieldDescriptor(layer, oneof);
  return field == nullptr ? "layer" : field->name();
}

}  // namespace

std::vector<std::string> LayerNames(const config::Model& model) {
  std::vector<std::string> names;
  for (const auto& layer : model.layer()) {
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

}  // namespace seve
