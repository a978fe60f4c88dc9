// Convolutions.
#include <fmt/format.h>

#include "base/error.h"
#include "layers/conv_transpose2d.h"
#include "layers/registry_parts.h"

namespace seve {
namespace {

// What Conv2d and ConvTranspose2d have in common.
template <typename Convolution>
Conv2dOptions ConvolutionOptions(const Convolution& convolution, std::string_view kind,
                                 const std::string& name, const Shape& input) {
  RequirePictures(kind, name, input);
  const int64_t groups = convolution.groups();
  for (const int64_t channels : {input[0], int64_t{convolution.channels()}}) {
    if (channels % groups == 0) continue;
    ThrowUsage(fmt::format(
        "layer '{}': {}'s groups: {} do not divide channels: {}; take a divisor of both {}, the "
        "channels of its input {}, and {}",
        name, kind, groups, channels, input[0], input.ToString(), convolution.channels()));
  }
  Conv2dOptions options;
  options.geometry.groups = groups;
  options.geometry.kernel = ExtentOf(convolution.kernel(), {});
  options.geometry.stride = ExtentOf(convolution.stride(), {});
  options.geometry.padding = ExtentOf(convolution.padding(), {0, 0});
  options.geometry.dilation = ExtentOf(convolution.dilation(), {});
  options.bias = convolution.bias();
  options.activation = DefaultsOf(convolution.activation());
  if (convolution.has_weight_initializer()) {
    options.weight_initializer = MakeInitializer(convolution.weight_initializer());
  }
  if (convolution.has_bias_initializer()) {
    options.bias_initializer = MakeInitializer(convolution.bias_initializer());
  }
  return options;
}

}  // namespace

std::unique_ptr<Layer> MakeConv2d(const config::Conv2d& convolution, const std::string& name,
                                  const Shape& input) {
  Conv2dOptions options = ConvolutionOptions(convolution, "conv2d", name, input);
  ConvolutionGeometry& geometry = options.geometry;
  geometry.inputs = input[0];
  geometry.outputs = convolution.channels();
  geometry.input = {input[1], input[2]};
  geometry.output = {WindowsAlong(input[1], geometry.kernel.height, geometry.stride.height,
                                  geometry.padding.height, geometry.dilation.height),
                     WindowsAlong(input[2], geometry.kernel.width, geometry.stride.width,
                                  geometry.padding.width, geometry.dilation.width)};
  if (geometry.output.height < 1 || geometry.output.width < 1) {
    const auto span = [](int64_t size, int64_t dilation) { return dilation * (size - 1) + 1; };
    ThrowUsage(fmt::format(
        "layer '{}': conv2d's kernel spans {} x {} values, but its input {} has {} x {} with "
        "padding: take a smaller kernel, more padding, or layers before it that shrink pictures "
        "less",
        name, span(geometry.kernel.height, geometry.dilation.height),
        span(geometry.kernel.width, geometry.dilation.width), input.ToString(),
        input[1] + 2 * geometry.padding.height, input[2] + 2 * geometry.padding.width));
  }
  return std::make_unique<Conv2d>(options);
}

std::unique_ptr<Layer> MakeConvTranspose2d(const config::ConvTranspose2d& convolution,
                                           const std::string& name, const Shape& input) {
  Conv2dOptions options = ConvolutionOptions(convolution, "conv_transpose2d", name, input);
  const Extent more = ExtentOf(convolution.output_padding(), {0, 0});
  ConvolutionGeometry& geometry = options.geometry;
  geometry.inputs = convolution.channels();
  geometry.outputs = input[0];
  geometry.output = {input[1], input[2]};
  const auto along = [](int64_t in, int64_t kernel, int64_t stride, int64_t padding,
                        int64_t dilation, int64_t added) {
    return (in - 1) * stride - 2 * padding + dilation * (kernel - 1) + added + 1;
  };
  geometry.input = {along(input[1], geometry.kernel.height, geometry.stride.height,
                          geometry.padding.height, geometry.dilation.height, more.height),
                    along(input[2], geometry.kernel.width, geometry.stride.width,
                          geometry.padding.width, geometry.dilation.width, more.width)};
  if (geometry.input.height < 1 || geometry.input.width < 1) {
    const auto made = [](int64_t left, int64_t padding) { return left + 2 * padding; };
    ThrowUsage(fmt::format(
        "layer '{}': conv_transpose2d takes padding {} x {} off each side of {} x {} values, which "
        "leaves none: take less padding, or a larger kernel",
        name, geometry.padding.height, geometry.padding.width,
        made(geometry.input.height, geometry.padding.height),
        made(geometry.input.width, geometry.padding.width)));
  }
  return std::make_unique<ConvTranspose2d>(options);
}

}  // namespace seve
