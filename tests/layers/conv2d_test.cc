// What the table of layers does not say of convolutions: they go through large batches in pieces.
#include "layers/conv2d.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "layers/cpu/convolution.h"
#include "layers/layer_testing.h"

namespace seve::testing {
namespace {

ConvolutionGeometry Square(int64_t inputs, int64_t size, int64_t outputs) {
  return {.inputs = inputs,
          .outputs = outputs,
          .input = {size, size},
          .output = {size, size},
          .kernel = {3, 3},
          .padding = {1, 1}};
}

TEST(Conv2d, GoesThroughLargeBatchesInPieces) {
  const auto small = Square(16, 64, 16);
  EXPECT_LT(ConvolutionRows(small, 6), 6);
  EXPECT_EQ(6 % ConvolutionRows(small, 6), 0);
  EXPECT_EQ(WeightGradientRows(small, 6), ConvolutionRows(small, 6));
  const auto deep = Square(250, 4, 250);  // not for Winograd
  EXPECT_LT(ConvolutionRows(deep, 64), 64);
  EXPECT_EQ(WeightGradientRows(deep, 64), 64);
}

// The gradient of the weights is the sum, that of each sample's input is its own.
TEST(Conv2d, ABatchGivesWhatItsSamplesGive) {
  constexpr int64_t kRows = 6;
  for (const auto activation : {ActivationKind::kRelu, ActivationKind::kGelu}) {
    const Shape shape = {16, 64, 64};
    const Conv2d layer({.geometry = Square(16, 64, 16), .activation = {activation}});
    LayerRun batch(layer, {shape}, kRows);
    batch.Forward();
    const auto dy = ToDouble(batch.output_gradient());
    batch.Backward();
    Doubles weight_gradient(batch.parameter_gradient(0).size());
    for (int64_t row = 0; row < kRows; ++row) {
      LayerRun one(layer, {shape}, 1);
      const auto part = [&](std::span<const float> all, size_t count) {
        return all.subspan(static_cast<size_t>(row) * count, count);
      };
      std::ranges::copy(part(batch.input(), one.input().size()), one.input().begin());
      const size_t values = one.output_gradient().size();
      for (size_t i = 0; i < values; ++i) {
        one.output_gradient()[i] = static_cast<float>(dy[static_cast<size_t>(row) * values + i]);
      }
      one.Forward();
      one.Backward();
      EXPECT_LE(RelativeError(part(batch.output(), values), ToDouble(one.output())), 1e-6);
      EXPECT_LE(RelativeError(part(batch.input_gradient(), one.input().size()),
                              ToDouble(one.input_gradient())),
                1e-6);
      for (size_t i = 0; i < weight_gradient.size(); ++i) {
        weight_gradient[i] += static_cast<double>(one.parameter_gradient(0)[i]);
      }
    }
    EXPECT_LE(RelativeError(batch.parameter_gradient(0), weight_gradient), 1e-5);
  }
}

}  // namespace
}  // namespace seve::testing
