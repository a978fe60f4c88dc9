// Normalisation.
#include <fmt/format.h>

#include "base/error.h"
#include "layers/batch_norm.h"
#include "layers/registry_parts.h"
#include "layers/sample_norm.h"

namespace seve {
namespace {

void RequireChannels(std::string_view kind, const std::string& name, const Shape& input) {
  if (input.rank() == 1 || input.rank() == 3) return;
  ThrowUsage(fmt::format(
      "layer '{}': {} takes vectors (F) and pictures (C, H, W), but its input has shape {}: add "
      "reshape or flatten before it, or take layer_norm",
      name, kind, input.ToString()));
}

}  // namespace

std::unique_ptr<Layer> MakeBatchNorm(const config::BatchNorm& norm, const std::string& name,
                                     const Shape& input) {
  RequireChannels("batch_norm", name, input);
  const BatchNormOptions options = {.momentum = norm.momentum(),
                                    .epsilon = norm.epsilon(),
                                    .affine = norm.affine(),
                                    .activation = DefaultsOf(norm.activation())};
  return std::make_unique<BatchNorm>(options, input);
}

std::unique_ptr<Layer> MakeLayerNorm(const config::LayerNorm& norm, const std::string& name,
                                     const Shape& input) {
  const auto all = static_cast<int64_t>(input.rank());
  const int64_t axes = norm.has_axes() ? norm.axes() : all;
  if (axes > all) {
    ThrowUsage(
        fmt::format("layer '{}': layer_norm over the last {} axes, but its input has shape "
                    "{}: set axes to {} or less, or leave it out",
                    name, axes, input.ToString(), all));
  }
  if (all == 3 && axes < 3) {
    ThrowUsage(
        fmt::format("layer '{}': layer_norm takes all three axes of pictures, {} here, and "
                    "not the last {}: leave axes out, or take group_norm",
                    name, input.ToString(), axes));
  }
  return SampleNorm::OverAxes({.epsilon = norm.epsilon(), .affine = norm.affine()}, input, axes);
}

std::unique_ptr<Layer> MakeGroupNorm(const config::GroupNorm& norm, const std::string& name,
                                     const Shape& input) {
  RequireChannels("group_norm", name, input);
  if (input[0] % norm.groups() != 0) {
    ThrowUsage(
        fmt::format("layer '{}': {} channels of its input {} do not divide into groups: {}; "
                    "take a divisor of {}",
                    name, input[0], input.ToString(), norm.groups(), input[0]));
  }
  return SampleNorm::OverGroups({.epsilon = norm.epsilon(),
                                 .affine = norm.affine(),
                                 .activation = DefaultsOf(norm.activation())},
                                input, norm.groups());
}

}  // namespace seve
