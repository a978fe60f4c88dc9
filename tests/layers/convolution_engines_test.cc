// Where one product of a convolution is computed by several engines, they agree.
#include "layers/cpu/convolution_engines.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/philox.h"
#include "layers/cpu/winograd.h"
#include "layers/layer_testing.h"

namespace seve::testing {
namespace {

std::vector<float> Values(int64_t count, uint32_t key) {
  const Philox random = RandomStream(key, RandomPurpose::kInitialization);
  std::vector<float> values(static_cast<size_t>(count));
  uint32_t at = 0;
  for (float& value : values) value = 2 * UnitFloat(random(at++, 0, 0, 0)[0]) - 1;
  return values;
}

struct Case {
  int64_t inputs, outputs;
  Extent output, kernel, dilation, padding;
};

ConvolutionGeometry GeometryOf(const Case& of) {
  const auto input = [](int64_t output, int64_t kernel, int64_t dilation, int64_t padding) {
    return output + (kernel - 1) * dilation - 2 * padding;
  };
  return {
      .inputs = of.inputs,
      .outputs = of.outputs,
      .input = {input(of.output.height, of.kernel.height, of.dilation.height, of.padding.height),
                input(of.output.width, of.kernel.width, of.dilation.width, of.padding.width)},
      .output = of.output,
      .kernel = of.kernel,
      .dilation = of.dilation,
      .padding = of.padding};
}

TEST(ConvolutionEngines, TurnedFiltersGiveTheInputGradient) {
  constexpr int64_t kRows = 3;
  const Case cases[] = {{64, 64, {8, 8}, {3, 3}, {1, 1}, {1, 1}},
                        {50, 30, {7, 5}, {3, 3}, {1, 1}, {1, 1}},
                        {48, 17, {6, 9}, {1, 1}, {1, 1}, {0, 0}},
                        {100, 20, {6, 9}, {2, 4}, {1, 1}, {0, 2}},
                        {64, 3, {5, 5}, {3, 2}, {2, 3}, {1, 0}}};
  for (const Case& of : cases) {
    const ConvolutionGeometry geometry = GeometryOf(of);
    SCOPED_TRACE(geometry.WeightShape().ToString());
    const auto w = Values(geometry.WeightShape().elements(), 1);
    const auto dy = Values(kRows * geometry.OutputShape().elements(), 2);
    for (const bool add : {false, true}) {
      auto turned = Values(kRows * geometry.InputShape().elements(), 3), own = turned;
      const auto gradient = MakeTurnedInputGradient(geometry, kRows, add);
      gradient->SetWeights(w.data());
      gradient->Run(dy.data(), turned.data());
      const auto reference = MakeOneDnnInputGradient(geometry, kRows, add);
      reference->SetWeights(w.data());
      reference->Run(dy.data(), own.data());
      EXPECT_LE(RelativeError(turned, ToDouble(own)), 1e-5) << (add ? "added" : "written");
    }
  }
}

// The three products in float64, of stride 1.
struct Products {
  Products(const ConvolutionGeometry& g, int64_t rows, std::span<const float> x,
           std::span<const float> w, std::span<const float> dy)
      : y(dy.size()), dx(x.size()), dw(w.size()) {
    const Shape window = {rows, g.output.height, g.output.width, g.kernel.height, g.kernel.width};
    for (int64_t at = 0; at < window.elements(); ++at) {
      const int64_t kj = at % window[4], ki = at / window[4] % window[3];
      const int64_t pixel = at / (window[4] * window[3]);
      const int64_t j = pixel % window[2], i = pixel / window[2] % window[1];
      const int64_t xi = i + ki - g.padding.height, xj = j + kj - g.padding.width;
      if (xi < 0 || xi >= g.input.height || xj < 0 || xj >= g.input.width) continue;
      const int64_t row = pixel / (window[1] * window[2]);
      const auto from =
          static_cast<size_t>(((row * g.input.height + xi) * g.input.width + xj) * g.inputs);
      for (int64_t o = 0; o < g.outputs; ++o) {
        const auto to = static_cast<size_t>(pixel * g.outputs + o);
        for (int64_t c = 0; c < g.inputs; ++c) {
          const auto weight =
              static_cast<size_t>(((o * g.inputs + c) * window[3] + ki) * window[4] + kj);
          const auto input = from + static_cast<size_t>(c);
          y[to] += static_cast<double>(x[input]) * static_cast<double>(w[weight]);
          dx[input] += static_cast<double>(dy[to]) * static_cast<double>(w[weight]);
          dw[weight] += static_cast<double>(dy[to]) * static_cast<double>(x[input]);
        }
      }
    }
  }

  std::vector<double> y, dx, dw;
};

// FP32 sums of up to 1,200 products; Winograd's filtering rounds up to three times as much.
constexpr double kRounding = 3e-6;

// The cases that GoesByWinograd takes where the processor has AVX-512, and others beside them.
TEST(ConvolutionEngines, ProductsAreThoseOfFloat64) {
  struct Case {
    int64_t inputs, outputs, side, padding, rows;
  };
  const Case cases[] = {{32, 32, 16, 1, 4}, {64, 48, 7, 1, 12}, {32, 64, 10, 0, 8},
                        {16, 16, 16, 1, 4}, {32, 32, 3, 1, 4},  {128, 96, 7, 1, 12}};
  for (const Case& of : cases) {
    const ConvolutionGeometry g = GeometryOf(
        {of.inputs, of.outputs, {of.side, of.side}, {3, 3}, {1, 1}, {of.padding, of.padding}});
    SCOPED_TRACE(g.WeightShape().ToString());
    const auto x = Values(of.rows * g.InputShape().elements(), 1);
    const auto w = Values(g.WeightShape().elements(), 2);
    const auto dy = Values(of.rows * g.OutputShape().elements(), 3);
    const Products expected(g, of.rows, x, w, dy);
    std::vector<float> y(dy.size()), dx(x.size(), 1), dw(w.size());

    const auto forward = MakeConvolutionForward(g, of.rows, {}, false);
    forward->SetWeights(w.data(), nullptr);
    forward->Run(x.data(), y.data());
    EXPECT_LE(RelativeError(y, expected.y), kRounding);

    const auto input = MakeConvolutionInputGradient(g, of.rows, true);
    input->SetWeights(w.data());
    input->Run(dy.data(), dx.data());
    for (float& value : dx) value -= 1;
    EXPECT_LE(RelativeError(dx, expected.dx), kRounding);

    const auto weight = MakeConvolutionWeightGradient(g, of.rows);
    weight->Add(x.data(), dy.data(), true);
    weight->Add(x.data(), dy.data(), false);
    weight->Store(dw.data(), false);
    for (float& value : dw) value /= 2;
    EXPECT_LE(RelativeError(dw, expected.dw), kRounding);
  }
}

TEST(ConvolutionEngines, WinogradIsForPlainFiltersOfManyPixels) {
  const auto plain = GeometryOf({64, 64, {8, 8}, {3, 3}, {1, 1}, {1, 1}});
  EXPECT_FALSE(GoesByWinograd(plain, 4));
  auto other = plain;
  other.stride = {2, 2};
  EXPECT_FALSE(GoesByWinograd(other, 64));
  other = plain;
  other.inputs = 40;
  EXPECT_FALSE(GoesByWinograd(other, 64));
  other = plain;
  other.kernel = {5, 5};
  EXPECT_FALSE(GoesByWinograd(other, 64));
  other = plain;
  other.inputs = other.outputs = 512;  // too much memory
  EXPECT_FALSE(GoesByWinograd(other, 64));
}

TEST(ConvolutionEngines, StridesAndWidePaddingAreNotTurned) {
  auto geometry = GeometryOf({64, 64, {8, 8}, {3, 3}, {1, 1}, {1, 1}});
  EXPECT_TRUE(TurnedIsFaster(geometry, false));
  geometry.stride = {2, 1};
  EXPECT_FALSE(TurnedIsFaster(geometry, true));
  EXPECT_FALSE(TurnedIsFaster(GeometryOf({64, 64, {8, 8}, {1, 1}, {1, 1}, {1, 1}}), true));
}

}  // namespace
}  // namespace seve::testing
