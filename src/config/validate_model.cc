#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "base/text.h"
#include "config/validate_parts.h"

namespace seve {
namespace {

constexpr const char* kDataInput = "input";

bool IsLayerName(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-');
  });
}

std::string LayerPath(int index) { return "model.layer[" + std::to_string(index) + "]"; }

void ValidateNames(const config::Model& model, const std::vector<std::string>& names,
                   Checker& checker) {
  std::map<std::string, int> first;
  for (int i = 0; i < model.layer_size(); ++i) {
    const std::string& name = names[static_cast<size_t>(i)];
    const std::string path = LayerPath(i) + ".name";
    if (!IsLayerName(name)) {
      checker.Fail(
          path, "a layer is called '" + name + "'; names are made of letters, digits, '_' and '-'");
    } else if (name == kDataInput) {
      checker.Fail(path, "no layer may be called 'input': that is the data's name");
    }
    const auto [other, is_new] = first.emplace(name, i);
    if (is_new) continue;
    checker.Fail(path, "two layers are called '" + name + "', the first at " +
                           checker.Where(LayerPath(other->second) + ".name") +
                           "; rename one (unnamed layers are called by kind and count)");
  }
}

// The fields of the data that layers may read, as far as the configuration says.
std::vector<std::string> FieldNames(const config::Data& data) {
  std::vector<std::string> names = {kDataInput};
  for (const auto& field : data.tensors().train()) {
    if (field.name() != kDataInput) names.push_back(field.name());
  }
  return names;
}

void ValidateNumberOfInputs(const config::Layer& layer, const std::string& name,
                            const std::string& path, Checker& checker) {
  const bool joins = layer.has_add() || layer.has_concatenate();
  if (!joins && layer.input_size() > 1) {
    checker.Fail(path + ".input[1]", "layer '" + name + "' takes one input, but " +
                                         std::to_string(layer.input_size()) +
                                         " are given: join them with add or concatenate");
  } else if (joins && layer.input_size() < 2) {
    checker.Fail(
        path + (layer.has_add() ? ".add" : ".concatenate"),
        "layer '" + name + "' joins two inputs or more; for example: input: \"a\" input: \"b\"");
  }
}

// `known`: names of layers and of fields of the data.
void ValidateInputs(const config::Layer& layer, const std::string& name, const std::string& path,
                    const std::vector<std::string>& known, Checker& checker) {
  ValidateNumberOfInputs(layer, name, path, checker);
  for (int i = 0; i < layer.input_size(); ++i) {
    const std::string& input = layer.input(i);
    if (std::find(known.begin(), known.end(), input) != known.end()) continue;
    checker.Fail(
        path + ".input[" + std::to_string(i) + "]",
        "layer '" + name + "' reads '" + input + "', which is no layer; " + Suggest(input, known));
  }
}

// Linear or Maxout.
template <class Dense>
void ValidateDense(const Dense& dense, const std::string& path, Checker& checker) {
  if (!dense.has_units()) {
    checker.Fail(path, path + " needs 'units', its number of outputs");
  } else {
    checker.Above(path + ".units", dense.units(), 0);
  }
  if (dense.has_weight_initializer()) {
    ValidateInitializer(dense.weight_initializer(), path + ".weight_initializer", checker);
  }
  if (dense.has_bias_initializer()) {
    ValidateInitializer(dense.bias_initializer(), path + ".bias_initializer", checker);
  }
  if (dense.has_bias_initializer() && !dense.bias()) {
    checker.Fail(path + ".bias_initializer",
                 path + " has 'bias: false', so there is nothing for 'bias_initializer' to start");
  }
}

void ValidateReshape(const config::Reshape& reshape, const std::string& path, Checker& checker) {
  if (reshape.shape_size() == 0) {
    checker.Fail(path, path + " needs 'shape', that of one sample; for example: [1, 28, 28]");
  }
  for (int i = 0; i < reshape.shape_size(); ++i) {
    checker.Above(path + ".shape[" + std::to_string(i) + "]", static_cast<double>(reshape.shape(i)),
                  0);
  }
}

void ValidateHardTanh(const config::HardTanh& hard_tanh, const std::string& path,
                      Checker& checker) {
  if (hard_tanh.low() < hard_tanh.high()) return;
  checker.Fail(path, path + " needs 'low' below 'high'");
}

std::string KindNames() {
  const auto* kind = config::Layer::descriptor()->FindOneofByName("kind");
  std::vector<std::string> names;
  for (int i = 0; i < kind->field_count(); ++i) names.push_back(kind->field(i)->name());
  return Join(names);
}

void ValidateLayer(const config::Layer& layer, const std::string& name, const std::string& path,
                   Checker& checker) {
  switch (layer.kind_case()) {
    case config::Layer::KIND_NOT_SET:
      return checker.Fail(path, "layer '" + name + "' needs a kind, one of " + KindNames());
    case config::Layer::kLinear:
      return ValidateDense(layer.linear(), path + ".linear", checker);
    case config::Layer::kMaxout:
      checker.Above(path + ".maxout.pieces", layer.maxout().pieces(), 0);
      return ValidateDense(layer.maxout(), path + ".maxout", checker);
    case config::Layer::kDropout:
      return checker.From(path + ".dropout.rate", layer.dropout().rate(), 0, 1);
    case config::Layer::kReshape:
      return ValidateReshape(layer.reshape(), path + ".reshape", checker);
    case config::Layer::kLeakyRelu:
      return checker.AtLeast(path + ".leaky_relu.slope", layer.leaky_relu().slope(), 0);
    case config::Layer::kElu:
      return checker.AtLeast(path + ".elu.alpha", layer.elu().alpha(), 0);
    case config::Layer::kHardTanh:
      return ValidateHardTanh(layer.hard_tanh(), path + ".hard_tanh", checker);
    default:
      return;
  }
}

void ValidateUniform(const config::UniformInitializer& uniform, const std::string& path,
                     Checker& checker) {
  const float width = uniform.high() - uniform.low();
  if (width > 0 && std::isfinite(width)) return;
  checker.Fail(path, path + " needs 'low' below 'high', by less than 3.4e38");
}

}  // namespace

void ValidateInitializer(const config::Initializer& initializer, const std::string& path,
                         Checker& checker) {
  switch (initializer.kind_case()) {
    case config::Initializer::KIND_NOT_SET:
      return checker.Fail(path, path +
                                    " needs a kind: zeros, constant, normal, uniform, xavier, he "
                                    "or lecun; for example: he {}");
    case config::Initializer::kNormal:
      return checker.Above(path + ".normal.deviation", initializer.normal().deviation(), 0);
    case config::Initializer::kUniform:
      return ValidateUniform(initializer.uniform(), path + ".uniform", checker);
    case config::Initializer::kXavier:
      return checker.Above(path + ".xavier.gain", initializer.xavier().gain(), 0);
    default:
      return;
  }
}

void ValidateModel(const config::Config& config, Checker& checker) {
  const config::Model& model = config.model();
  if (model.layer_size() == 0) {
    return checker.Fail("model",
                        "the model has no layers; for example: layer { linear { units: 10 } }");
  }
  const auto names = LayerNames(model);
  ValidateNames(model, names, checker);
  std::vector<std::string> known = names;
  for (auto& field : FieldNames(config.data())) known.push_back(std::move(field));
  for (int i = 0; i < model.layer_size(); ++i) {
    const std::string& name = names[static_cast<size_t>(i)];
    const std::string path = "model." + name;
    ValidateInputs(model.layer(i), name, path, known, checker);
    ValidateLayer(model.layer(i), name, path, checker);
  }
}

}  // namespace seve
