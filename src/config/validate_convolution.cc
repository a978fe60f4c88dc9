#include "config/validate_parts.h"

namespace seve {
namespace {

// Conv2d or ConvTranspose2d.
template <class Convolution>
void Validate(const Convolution& convolution, const std::string& path, Checker& checker) {
  if (!convolution.has_channels()) {
    checker.Fail(path, path + " needs 'channels', its number of outputs");
  } else {
    checker.Above(path + ".channels", convolution.channels(), 0);
  }
  if (convolution.kernel_size() == 0) {
    checker.Fail(path, path +
                           " needs 'kernel', one number or height and width; for example: "
                           "kernel: 3");
  }
  ValidateExtent(convolution.kernel(), path + ".kernel", 1, checker);
  ValidateExtent(convolution.stride(), path + ".stride", 1, checker);
  ValidateExtent(convolution.padding(), path + ".padding", 0, checker);
  ValidateExtent(convolution.dilation(), path + ".dilation", 1, checker);
  checker.Above(path + ".groups", convolution.groups(), 0);
  if (convolution.has_weight_initializer()) {
    ValidateInitializer(convolution.weight_initializer(), path + ".weight_initializer", checker);
  }
  if (convolution.has_bias_initializer()) {
    ValidateInitializer(convolution.bias_initializer(), path + ".bias_initializer", checker);
  }
  if (convolution.has_bias_initializer() && !convolution.bias()) {
    checker.Fail(path + ".bias_initializer",
                 path + " has 'bias: false', so there is nothing for 'bias_initializer' to start");
  }
}

// What is added to one end of the output must be less than what a step of the windows makes.
void ValidateOutputPadding(const config::ConvTranspose2d& convolution, const std::string& path,
                           Checker& checker) {
  ValidateExtent(convolution.output_padding(), path + ".output_padding", 0, checker);
  const auto along = [](const auto& numbers, int axis, int otherwise) {
    return numbers.empty() ? otherwise : numbers[numbers.size() == 1 ? 0 : axis];
  };
  for (const int axis : {0, 1}) {
    const int more = along(convolution.output_padding(), axis, 0);
    const int stride = along(convolution.stride(), axis, 1);
    if (more < stride) continue;
    return checker.Fail(path + ".output_padding",
                        path + ".output_padding is " + std::to_string(more) +
                            ", but must be below stride, " + std::to_string(stride));
  }
}

}  // namespace

void ValidateExtent(const google::protobuf::RepeatedField<int32_t>& numbers,
                    const std::string& path, int least, Checker& checker) {
  if (numbers.size() > 2) {
    checker.Fail(path, path + " has " + std::to_string(numbers.size()) +
                           " numbers; give one, or height and width");
  }
  for (int i = 0; i < numbers.size(); ++i) {
    checker.AtLeast(path + "[" + std::to_string(i) + "]", numbers[i], least);
  }
}

void ValidateConvolution(const config::Layer& layer, const std::string& path, Checker& checker) {
  if (layer.has_conv2d()) {
    Validate(layer.conv2d(), path + ".conv2d", checker);
  } else if (layer.has_conv_transpose2d()) {
    Validate(layer.conv_transpose2d(), path + ".conv_transpose2d", checker);
    ValidateOutputPadding(layer.conv_transpose2d(), path + ".conv_transpose2d", checker);
  }
}

}  // namespace seve
