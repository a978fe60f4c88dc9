// Layers that go over the rows and columns of pictures.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "layers/average_pool.h"
#include "layers/global_pool.h"
#include "layers/max_pool.h"
#include "layers/pad.h"
#include "layers/registry_parts.h"
#include "layers/upsample.h"

namespace seve {
namespace {

std::string TextOf(const Extent& extent) {
  return fmt::format("{} x {}", extent.height, extent.width);
}

// What MaxPool and AveragePool have in common.
template <typename Pool>
WindowGeometry WindowsOf(const Pool& pool, std::string_view kind, const std::string& name,
                         const Shape& input) {
  RequirePictures(kind, name, input);
  WindowGeometry g;
  g.channels = input[0];
  g.input = {input[1], input[2]};
  g.size = ExtentOf(pool.size(), {});
  g.stride = ExtentOf(pool.stride(), g.size);
  g.padding = ExtentOf(pool.padding(), {0, 0});
  g.output = {WindowsAlong(g.input.height, g.size.height, g.stride.height, g.padding.height),
              WindowsAlong(g.input.width, g.size.width, g.stride.width, g.padding.width)};
  if (g.output.height < 1 || g.output.width < 1) {
    const Extent padded = {g.input.height + 2 * g.padding.height,
                           g.input.width + 2 * g.padding.width};
    ThrowUsage(fmt::format(
        "layer '{}': {}'s windows are of {} values, but its input {} has {} with padding: take a "
        "smaller size, or layers before it that shrink pictures less",
        name, kind, TextOf(g.size), input.ToString(), TextOf(padded)));
  }
  return g;
}

std::unique_ptr<Layer> MakeGlobalPool(const config::GlobalPool& pool, const std::string& name,
                                      const Shape& input) {
  RequirePictures("global_pool", name, input);
  const bool largest = pool.pooling() == config::MAX_POOLING;
  return std::make_unique<GlobalPool>(largest ? Pooling::kMax : Pooling::kAverage, input);
}

PadMode ModeOf(config::PadMode mode) {
  switch (mode) {
    case config::REFLECT:
      return PadMode::kReflect;
    case config::REPLICATE:
      return PadMode::kReplicate;
    case config::CONSTANT:
      break;
  }
  return PadMode::kConstant;
}

std::unique_ptr<Layer> MakePad(const config::Pad& pad, const std::string& name,
                               const Shape& input) {
  RequirePictures("pad", name, input);
  const auto amount = [&](int side) {
    return int64_t{pad.amount(pad.amount_size() == 1 ? 0 : side)};
  };
  const PadAmounts amounts = {amount(0), amount(1), amount(2), amount(3)};
  const PadMode mode = ModeOf(pad.mode());
  const bool too_far = std::max(amounts.top, amounts.bottom) >= input[1] ||
                       std::max(amounts.left, amounts.right) >= input[2];
  if (mode == PadMode::kReflect && too_far) {
    ThrowUsage(fmt::format(
        "layer '{}': pad mirrors {}, {}, {} and {} values (top, bottom, left, right) of its input "
        "{}, which has fewer besides its edges: take amounts below its height and width, or mode: "
        "REPLICATE",
        name, amounts.top, amounts.bottom, amounts.left, amounts.right, input.ToString()));
  }
  return std::make_unique<Pad>(input, amounts, mode, pad.value());
}

std::unique_ptr<Layer> MakeUpsample(const config::Upsample& upsample, const std::string& name,
                                    const Shape& input) {
  RequirePictures("upsample", name, input);
  const bool bilinear = upsample.interpolation() == config::BILINEAR;
  return std::make_unique<Upsample>(input, upsample.scale(),
                                    bilinear ? Interpolation::kBilinear : Interpolation::kNearest);
}

}  // namespace

std::unique_ptr<Layer> MakePooling(const config::Layer& layer, const std::string& name,
                                   const Shape& input) {
  switch (layer.kind_case()) {
    case config::Layer::kMaxPool:
      return std::make_unique<MaxPool>(WindowsOf(layer.max_pool(), "max_pool", name, input));
    case config::Layer::kAveragePool:
      return std::make_unique<AveragePool>(
          WindowsOf(layer.average_pool(), "average_pool", name, input),
          layer.average_pool().count_padding());
    case config::Layer::kGlobalPool:
      return MakeGlobalPool(layer.global_pool(), name, input);
    case config::Layer::kPad:
      return MakePad(layer.pad(), name, input);
    case config::Layer::kUpsample:
      return MakeUpsample(layer.upsample(), name, input);
    default:
      return nullptr;
  }
}

}  // namespace seve
