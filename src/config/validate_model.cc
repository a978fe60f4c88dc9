#include <cmath>

#include "base/text.h"
#include "config/validate_parts.h"
#include "config/written_layers.h"

namespace seve {
namespace {

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
    case config::Layer::kConv2D:
    case config::Layer::kConvTranspose2D:
      return ValidateConvolution(layer, path, checker);
    case config::Layer::kMaxPool:
    case config::Layer::kAveragePool:
    case config::Layer::kPad:
    case config::Layer::kUpsample:
      return ValidatePooling(layer, path, checker);
    case config::Layer::kBatchNorm:
    case config::Layer::kLayerNorm:
    case config::Layer::kGroupNorm:
      return ValidateNorm(layer, path, checker);
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
                                    " needs a kind: zeros, constant, normal, uniform, xavier, he, "
                                    "lecun or values; for example: he {}");
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
  ValidateStructure(config, checker);
  for (const WrittenList& list : WrittenLists(model)) {
    for (const auto& written : list) {
      ValidateLayer(written.layer, written.name, written.path, checker);
    }
  }
}

}  // namespace seve
