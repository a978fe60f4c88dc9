#include "layers/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/text.h"
#include "layers/activation.h"
#include "layers/add.h"
#include "layers/concatenate.h"
#include "layers/cross_entropy.h"
#include "layers/dropout.h"
#include "layers/flatten.h"
#include "layers/hinge.h"
#include "layers/linear.h"
#include "layers/maxout.h"
#include "layers/mean_squared_error.h"
#include "layers/prelu.h"
#include "layers/registry_parts.h"
#include "layers/reshape.h"
#include "tensor/channels_last.h"

namespace seve {

Initializer MakeInitializer(const config::Initializer& chosen) {
  using Start = Initializer::Kind;
  const auto normal = [](const auto& scaled) { return scaled.distribution() == config::NORMAL; };
  switch (chosen.kind_case()) {
    case config::Initializer::kZeros:
      return {Start::kZeros};
    case config::Initializer::kConstant:
      return {Start::kConstant, chosen.constant().value()};
    case config::Initializer::kNormal:
      return {Start::kNormal, chosen.normal().mean(), chosen.normal().deviation()};
    case config::Initializer::kUniform:
      return {Start::kUniform, chosen.uniform().low(), chosen.uniform().high()};
    case config::Initializer::kXavier:
      return {normal(chosen.xavier()) ? Start::kXavierNormal : Start::kXavierUniform,
              chosen.xavier().gain()};
    case config::Initializer::kHe:
      return {normal(chosen.he()) ? Start::kHeNormal : Start::kHeUniform};
    case config::Initializer::kLecun:
      return {normal(chosen.lecun()) ? Start::kLecunNormal : Start::kLecunUniform};
    case config::Initializer::kValues: {
      const auto& values = chosen.values().value();
      return {Start::kValues, 0, 0, {values.begin(), values.end()}};
    }
    case config::Initializer::KIND_NOT_SET:
      break;
  }
  Check(false, "an initializer has no kind or one that is missing from the registry");
  return {};
}

namespace {

Activation HardTanhOf(const config::HardTanh& hard_tanh) {
  return {ActivationKind::kHardTanh, hard_tanh.low(), hard_tanh.high()};
}

}  // namespace

Activation DefaultsOf(config::Activation activation) {
  switch (activation) {
    case config::NONE:
      return {ActivationKind::kNone};
    case config::SIGMOID:
      return {ActivationKind::kSigmoid};
    case config::TANH:
      return {ActivationKind::kTanh};
    case config::RELU:
      return {ActivationKind::kRelu};
    case config::LEAKY_RELU:
      return {ActivationKind::kLeakyRelu, config::LeakyRelu::default_instance().slope()};
    case config::ELU:
      return {ActivationKind::kElu, config::Elu::default_instance().alpha()};
    case config::GELU:
      return {ActivationKind::kGelu};
    case config::SOFTPLUS:
      return {ActivationKind::kSoftplus};
    case config::SWISH:
      return {ActivationKind::kSwish};
    case config::SELU:
      return {ActivationKind::kSelu};
    case config::HARD_TANH:
      return HardTanhOf(config::HardTanh::default_instance());
  }
  Check(false, "an activation of the configuration has no function");
  return {};
}

namespace {

// What Linear and Maxout have in common.
template <typename Dense>
LinearOptions DenseOptions(const Dense& dense, std::string_view kind, const std::string& name,
                           const Shape& input) {
  if (input.rank() != 1) {
    ThrowUsage(
        fmt::format("layer '{}': {} takes vectors, but its input has shape {}: add flatten {{}} "
                    "before it",
                    name, kind, input.ToString()));
  }
  LinearOptions options;
  options.inputs = input[0];
  options.units = dense.units();
  options.bias = dense.bias();
  if (dense.has_weight_initializer()) {
    options.weight_initializer = MakeInitializer(dense.weight_initializer());
  }
  if (dense.has_bias_initializer()) {
    options.bias_initializer = MakeInitializer(dense.bias_initializer());
  }
  return options;
}

std::unique_ptr<Layer> MakeLinear(const config::Linear& linear, const std::string& name,
                                  const Shape& input) {
  LinearOptions options = DenseOptions(linear, "linear", name, input);
  options.activation = DefaultsOf(linear.activation());
  return std::make_unique<Linear>(options);
}

std::unique_ptr<Layer> MakeActivation(const Activation& activation, const Shape& input) {
  return std::make_unique<ActivationLayer>(activation, input);
}

std::unique_ptr<Layer> MakeReshape(const config::Reshape& reshape, const std::string& name,
                                   const Shape& input) {
  Shape output(std::vector<int64_t>(reshape.shape().begin(), reshape.shape().end()));
  if (output.elements() != input.elements()) {
    ThrowUsage(fmt::format(
        "layer '{}': {} values of shape {} cannot be reshaped to {}, which "
        "are {}",
        name, input.elements(), input.ToString(), output.ToString(), output.elements()));
  }
  return std::make_unique<Reshape>(input, std::move(output));
}

// "'a' gives (3), 'b' gives (4)"
std::string DescribeInputs(const config::Layer& layer, const std::vector<Shape>& inputs) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < inputs.size(); ++i) {
    texts.push_back(
        fmt::format("'{}' gives {}", layer.input(static_cast<int>(i)), inputs[i].ToString()));
  }
  return Join(texts);
}

std::unique_ptr<Layer> MakeAdd(const config::Layer& layer, const std::string& name,
                               const std::vector<Shape>& inputs) {
  const auto fits = [&](const Shape& input) { return input == inputs.front(); };
  if (!std::ranges::all_of(inputs, fits)) {
    ThrowUsage(fmt::format("layer '{}': add takes inputs of one shape, but {}", name,
                           DescribeInputs(layer, inputs)));
  }
  return std::make_unique<Add>(inputs.size(), inputs.front(), DefaultsOf(layer.add().activation()));
}

std::unique_ptr<Layer> MakeConcatenate(const config::Layer& layer, const std::string& name,
                                       const std::vector<Shape>& inputs) {
  const auto fits = [&](const Shape& input) {
    return std::ranges::equal(input.extents() | std::views::drop(1),
                              inputs.front().extents() | std::views::drop(1));
  };
  if (!std::ranges::all_of(inputs, fits)) {
    ThrowUsage(
        fmt::format("layer '{}': concatenate takes inputs that differ in their first "
                    "extent alone, but {}",
                    name, DescribeInputs(layer, inputs)));
  }
  return std::make_unique<Concatenate>(inputs);
}

// What a loss is asked to compare.
struct Comparison {
  const std::string& layer;
  const Shape& scores;
  DType target_dtype;
  const Shape& target;
  int64_t classes;
};

// The scores must be one number a class.
void RequireScorePerClass(std::string_view loss, const Comparison& given) {
  if (given.scores.rank() != 1) {
    ThrowUsage(
        fmt::format("layer '{}' gives shape {}, but {} scores vectors: add flatten {{}} after it",
                    given.layer, given.scores.ToString(), loss));
  }
  if (given.scores[0] != given.classes) {
    ThrowUsage(fmt::format("layer '{}' has {} units but the data has {} classes: set units: {}",
                           given.layer, given.scores[0], given.classes, given.classes));
  }
}

void RequireClasses(std::string_view loss, const Comparison& given) {
  if (given.classes < 1 || given.target_dtype != DType::kInt32) {
    ThrowUsage(
        fmt::format("loss {} compares scores with class indices, but the target is {} of "
                    "shape {}: use mean_squared_error",
                    loss, NameOf(given.target_dtype), given.target.ToString()));
  }
  RequireScorePerClass(loss, given);
}

std::vector<std::string> ExtentTexts(const Shape& shape) {
  std::vector<std::string> texts;
  for (const int64_t extent : shape.extents()) texts.push_back(std::to_string(extent));
  return texts;
}

std::unique_ptr<Loss> MakeMeanSquaredError(const Comparison& given) {
  const bool against_classes = given.target_dtype == DType::kInt32;
  if (against_classes) {
    if (given.scores == Shape{1} && given.classes > 1) {
      ThrowUsage(
          fmt::format("layer '{}' gives one number, but the target is one of {} classes: set "
                      "units: {}, or declare the target kind: VALUES if it is a number to fit",
                      given.layer, given.classes, given.classes));
    }
    RequireClasses("mean_squared_error", given);
  } else if (given.target_dtype != DType::kFloat32 ||
             given.target.elements() != given.scores.elements()) {
    ThrowUsage(fmt::format(
        "layer '{}' gives {} values of shape {}, but mean_squared_error compares them with {} {} "
        "values of shape {}: make them as many",
        given.layer, given.scores.elements(), given.scores.ToString(), given.target.elements(),
        NameOf(given.target_dtype), given.target.ToString()));
  } else if (!LieAlike(given.scores, given.target)) {
    const bool picture = LiesChannelsLast(given.target);
    ThrowUsage(fmt::format(
        "layer '{}' gives shape {}, but mean_squared_error compares it with a target of shape {}, "
        "value by value, and pictures of several channels are no vectors: {}",
        given.layer, given.scores.ToString(), given.target.ToString(),
        picture
            ? fmt::format("add reshape {{ shape: [{}] }} after it", Join(ExtentTexts(given.target)))
            : "add flatten {} after it"));
  }
  return std::make_unique<MeanSquaredError>(against_classes);
}

}  // namespace

std::unique_ptr<Layer> MakeLayer(const config::Layer& layer, const std::string& name,
                                 const std::vector<Shape>& inputs) {
  const bool joins = layer.has_add() || layer.has_concatenate();
  Check(joins ? layer.input_size() == static_cast<int>(inputs.size()) : inputs.size() == 1,
        "a layer takes one input, those that join take all they name");
  const Shape& input = inputs[0];
  switch (layer.kind_case()) {
    case config::Layer::kLinear:
      return MakeLinear(layer.linear(), name, input);
    case config::Layer::kFlatten:
      return std::make_unique<Flatten>(input);
    case config::Layer::kDropout:
      return std::make_unique<Dropout>(layer.dropout().rate(), input,
                                       layer.dropout().per_channel());
    case config::Layer::kMaxout:
      return std::make_unique<Maxout>(DenseOptions(layer.maxout(), "maxout", name, input),
                                      layer.maxout().pieces());
    case config::Layer::kReshape:
      return MakeReshape(layer.reshape(), name, input);
    case config::Layer::kAdd:
      return MakeAdd(layer, name, inputs);
    case config::Layer::kConcatenate:
      return MakeConcatenate(layer, name, inputs);
    case config::Layer::kSigmoid:
      return MakeActivation({ActivationKind::kSigmoid}, input);
    case config::Layer::kTanh:
      return MakeActivation({ActivationKind::kTanh}, input);
    case config::Layer::kRelu:
      return MakeActivation({ActivationKind::kRelu}, input);
    case config::Layer::kLeakyRelu:
      return MakeActivation({ActivationKind::kLeakyRelu, layer.leaky_relu().slope()}, input);
    case config::Layer::kElu:
      return MakeActivation({ActivationKind::kElu, layer.elu().alpha()}, input);
    case config::Layer::kGelu:
      return MakeActivation({ActivationKind::kGelu}, input);
    case config::Layer::kSoftplus:
      return MakeActivation({ActivationKind::kSoftplus}, input);
    case config::Layer::kSwish:
      return MakeActivation({ActivationKind::kSwish}, input);
    case config::Layer::kSelu:
      return MakeActivation({ActivationKind::kSelu}, input);
    case config::Layer::kHardTanh:
      return MakeActivation(HardTanhOf(layer.hard_tanh()), input);
    case config::Layer::kPrelu:
      return std::make_unique<PRelu>(layer.prelu().per_feature(), layer.prelu().initial(), input);
    case config::Layer::kConv2D:
      return MakeConv2d(layer.conv2d(), name, input);
    case config::Layer::kConvTranspose2D:
      return MakeConvTranspose2d(layer.conv_transpose2d(), name, input);
    case config::Layer::kMaxPool:
    case config::Layer::kAveragePool:
    case config::Layer::kGlobalPool:
    case config::Layer::kPad:
    case config::Layer::kUpsample:
      return MakePooling(layer, name, input);
    case config::Layer::kBatchNorm:
      return MakeBatchNorm(layer.batch_norm(), name, input);
    case config::Layer::kLayerNorm:
      return MakeLayerNorm(layer.layer_norm(), name, input);
    case config::Layer::kGroupNorm:
      return MakeGroupNorm(layer.group_norm(), name, input);
    case config::Layer::kResidual:
    case config::Layer::kBlock:
    case config::Layer::kUse:
      break;
    case config::Layer::KIND_NOT_SET:
      break;
  }
  Check(false, "a layer has no kind or one that is missing from the registry");
  return nullptr;
}

std::unique_ptr<Loss> MakeLoss(const config::Loss& loss, const std::string& scored_layer,
                               const Shape& scores, DType target_dtype, const Shape& target_shape,
                               int64_t classes) {
  const Comparison given = {scored_layer, scores, target_dtype, target_shape, classes};
  switch (loss.kind_case()) {
    case config::Loss::kCrossEntropy:
      RequireClasses("cross_entropy", given);
      return std::make_unique<CrossEntropy>(loss.cross_entropy().label_smoothing());
    case config::Loss::kHinge:
      RequireClasses("hinge", given);
      return std::make_unique<Hinge>(loss.hinge().margin());
    case config::Loss::kMeanSquaredError:
      return MakeMeanSquaredError(given);
    case config::Loss::KIND_NOT_SET:
      break;
  }
  Check(false, "a loss has no kind or one that is missing from the registry");
  return nullptr;
}

}  // namespace seve
