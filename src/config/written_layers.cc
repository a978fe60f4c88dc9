#include "config/written_layers.h"

#include "config/load.h"

namespace seve {
namespace {

std::string Element(const std::string& path, int index) {
  return path + "[" + std::to_string(index) + "]";
}

WrittenList ListInside(const WrittenLayer& outer, const LayerList& layers,
                       const std::string& field) {
  const auto names = LayerNames(layers);
  WrittenList list;
  for (int i = 0; i < layers.size(); ++i) {
    list.push_back({layers[i], outer.name + "/" + names[static_cast<size_t>(i)],
                    Element(outer.path + field, i), Element(outer.index_path + field, i),
                    outer.definitions});
  }
  return list;
}

WrittenList LayersAndDefinitions(const config::Model& model) {
  const auto names = LayerNames(model);
  WrittenList list;
  for (int i = 0; i < model.layer_size(); ++i) {
    const std::string& name = names[static_cast<size_t>(i)];
    list.push_back(
        {model.layer(i), name, "model." + name, Element("model.layer", i), model.define_size()});
  }
  for (int i = 0; i < model.define_size(); ++i) {
    const auto& definition = model.define(i);
    const std::string index_path = Element("model.define", i);
    list.push_back({definition, definition.name(),
                    definition.has_name() ? "model." + definition.name() : index_path, index_path,
                    i, true});
  }
  return list;
}

}  // namespace

std::vector<WrittenList> WrittenLists(const config::Model& model) {
  std::vector<WrittenList> lists = {LayersAndDefinitions(model)};
  for (size_t i = 0; i < lists.size(); ++i) {
    std::vector<WrittenList> inside;
    for (const WrittenLayer& outer : lists[i]) {
      const auto& residual = outer.layer.residual();
      inside.push_back(ListInside(outer, residual.layer(), ".residual.layer"));
      inside.push_back(ListInside(outer, residual.shortcut(), ".residual.shortcut"));
      inside.push_back(ListInside(outer, outer.layer.block().layer(), ".block.layer"));
    }
    for (WrittenList& list : inside) {
      if (!list.empty()) lists.push_back(std::move(list));
    }
  }
  return lists;
}

}  // namespace seve
