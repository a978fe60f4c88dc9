// The extents of a two-dimensional convolution, whoever computes it.
#pragma once

#include <cstdint>

#include "tensor/shape.h"

namespace seve {

struct Extent {
  int64_t height = 1;
  int64_t width = 1;

  bool operator==(const Extent&) const = default;
};

// x: (N, inputs, input), W: (outputs, inputs / groups, kernel), y: (N, outputs, output). A
// transposed convolution has the geometry of the convolution whose input gradient it is: its own
// input is y.
struct ConvolutionGeometry {
  int64_t inputs = 0;   // channels
  int64_t outputs = 0;  // channels
  Extent input = {}, output = {};
  Extent kernel = {}, stride = {}, dilation = {};
  Extent padding = {0, 0};  // on each side
  int64_t groups = 1;

  [[nodiscard]] Shape InputShape() const { return {inputs, input.height, input.width}; }
  [[nodiscard]] Shape OutputShape() const { return {outputs, output.height, output.width}; }
  [[nodiscard]] Shape WeightShape() const {
    return {outputs, inputs / groups, kernel.height, kernel.width};
  }
  // Floating-point operations of one sample (a multiply-add counts two).
  [[nodiscard]] int64_t Flops() const {
    return 2 * output.height * output.width * WeightShape().elements();
  }
};

// Extents of what windows of this size give along one axis: floor((input + 2 padding - dilation
// (size - 1) - 1) / stride) + 1, or less than 1 where the window is larger than the padded input.
inline int64_t WindowsAlong(int64_t input, int64_t size, int64_t stride, int64_t padding,
                            int64_t dilation = 1) {
  const int64_t room = input + 2 * padding - dilation * (size - 1) - 1;
  return room < 0 ? 0 : room / stride + 1;
}

}  // namespace seve
