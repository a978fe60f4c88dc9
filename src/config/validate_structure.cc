#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/text.h"
#include "config/expand.h"
#include "config/validate_parts.h"
#include "config/written_layers.h"

namespace seve {
namespace {

constexpr const char* kDataInput = "input";

bool IsLayerName(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-');
  });
}

void ValidateName(const WrittenLayer& written, Checker& checker) {
  const std::string path = written.index_path + ".name";
  if (!written.layer.has_name()) {
    if (!written.is_definition) return;
    checker.Fail(path, "a definition needs a name; for example: define { name: \"res\" … }");
  } else if (!IsLayerName(written.layer.name())) {
    checker.Fail(path, "a layer is called '" + written.layer.name() +
                           "'; names are made of letters, digits, '_' and '-'");
  } else if (written.layer.name() == kDataInput) {
    checker.Fail(path, "no layer may be called 'input': that is the data's name");
  }
}

// Of layers that would otherwise be taken for each other.
void ValidateNames(const WrittenList& list, Checker& checker) {
  std::map<std::string, const WrittenLayer*> first;
  for (const WrittenLayer& written : list) {
    ValidateName(written, checker);
    const auto [other, is_new] = first.emplace(written.name, &written);
    if (is_new || written.name.empty()) continue;
    const bool mixed = written.is_definition != other->second->is_definition;
    checker.Fail(written.index_path + ".name",
                 std::string(mixed ? "a layer and a definition" : "two layers") + " are called '" +
                     written.name + "', the first at " +
                     checker.Where(other->second->index_path + ".name") +
                     "; rename one (unnamed layers are called by kind and count)");
  }
}

void ValidateNumberOfInputs(const WrittenLayer& written, Checker& checker) {
  const config::Layer& layer = written.layer;
  const bool joins = layer.has_add() || layer.has_concatenate();
  if (written.is_definition && layer.input_size() > 0) {
    checker.Fail(written.path + ".input", "definition '" + written.name +
                                              "' reads what the layers that use it read: give "
                                              "'input' there");
  } else if (!joins && layer.input_size() > 1) {
    checker.Fail(written.path + ".input[1]", "layer '" + written.name + "' takes one input, but " +
                                                 std::to_string(layer.input_size()) +
                                                 " are given: join them with add or concatenate");
  } else if (joins && layer.input_size() < 2) {
    checker.Fail(written.path + (layer.has_add() ? ".add" : ".concatenate"),
                 "layer '" + written.name +
                     "' joins two inputs or more; for example: input: \"a\" input: \"b\"");
  } else if (joins && layer.has_repeat()) {
    checker.Fail(written.path + ".repeat",
                 "layer '" + written.name +
                     "' reads several layers, so it cannot be repeated: 'repeat' feeds each copy "
                     "with the one before");
  }
}

void ValidateUse(const WrittenLayer& written, const std::vector<std::string>& definitions,
                 Checker& checker) {
  const std::string path = written.path + ".use";
  const std::string& name = written.layer.use();
  const auto usable = definitions.begin() + written.definitions;
  if (std::find(definitions.begin(), usable, name) != usable) return;
  const std::string start = "layer '" + written.name + "' uses '" + name + "', ";
  const auto later = std::find(usable, definitions.end(), name);
  if (later == definitions.end()) {
    checker.Fail(path, start + "which is no definition; " +
                           (definitions.empty() ? "the model has none; for example: define { "
                                                  "name: \"res\" block { layer { relu {} } } }"
                                                : Suggest(name, definitions)));
  } else if (later == usable) {
    checker.Fail(path, start + "inside which it is itself: that would never end");
  } else {
    checker.Fail(path, start + "which is defined later: a definition uses those before it");
  }
}

void ValidateResidual(const WrittenLayer& written, Checker& checker) {
  const auto& residual = written.layer.residual();
  const std::string path = written.path + ".residual";
  if (residual.layer_size() == 0) {
    checker.Fail(path, path + " needs layers; for example: layer { linear { units: 10 } }");
  }
  for (int i = 0; i < residual.layer_size(); ++i) {
    const std::string& name = residual.layer(i).name();
    if (name != "sum" && name != "shortcut") continue;
    checker.Fail(path + ".layer[" + std::to_string(i) + "].name",
                 "no layer inside a residual may be called '" + name +
                     "': that is what the residual calls a part of its own");
  }
}

void ValidateBlock(const WrittenLayer& written, Checker& checker) {
  if (written.layer.block().layer_size() > 0) return;
  const std::string path = written.path + ".block";
  checker.Fail(path, path + " needs layers; for example: layer { relu {} }");
}

void ValidateWritten(const WrittenLayer& written, const std::vector<std::string>& definitions,
                     Checker& checker) {
  ValidateNumberOfInputs(written, checker);
  checker.AtLeast(written.path + ".repeat", written.layer.repeat(), 1);
  if (written.layer.has_use()) ValidateUse(written, definitions, checker);
  if (written.layer.has_residual()) ValidateResidual(written, checker);
  if (written.layer.has_block()) ValidateBlock(written, checker);
}

// The fields of the data that layers may read, as far as the configuration says.
std::vector<std::string> FieldNames(const config::Data& data) {
  std::vector<std::string> names = {kDataInput};
  for (const auto& field : data.tensors().train()) {
    if (field.name() != kDataInput) names.push_back(field.name());
  }
  return names;
}

// What the layers of the model read that is neither a layer nor a field of the data. Copies of a
// definition make the same mistakes: they are said once.
void ValidateReadings(const config::Config& config, const ExpandedModel& model, Checker& checker) {
  const auto fields = FieldNames(config.data());
  std::set<std::string> said;
  for (const auto& [layer, input, path, seen] : model.outside) {
    if (std::find(fields.begin(), fields.end(), input) != fields.end()) continue;
    if (!said.insert(path).second) continue;
    auto known = seen;
    known.insert(known.end(), fields.begin(), fields.end());
    checker.Fail(path, "layer '" + layer + "' reads '" + input + "', which is no layer; " +
                           Suggest(input, known));
  }
}

}  // namespace

void ValidateStructure(const config::Config& config, Checker& checker) {
  const config::Model& model = config.model();
  const auto definitions = DefinitionNames(model);
  for (const WrittenList& list : WrittenLists(model)) {
    ValidateNames(list, checker);
    for (const auto& written : list) ValidateWritten(written, definitions, checker);
  }
  const ExpandedModel expanded = ExpandModel(model);
  ValidateReadings(config, expanded, checker);
  if (expanded.beyond.empty()) return;
  checker.Fail(expanded.beyond, "with this the model has more than " + WithThousands(kMostLayers) +
                                    " layers: lower 'repeat'");
}

}  // namespace seve
