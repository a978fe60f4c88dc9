#include "layers/convolution_cases_testing.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "layers/conv_transpose2d.h"

namespace seve::testing {
namespace {

using Function = double (*)(double);

double Identity(double x) { return x; }
double Tanh(double x) { return std::tanh(x); }
double Relu(double x) { return std::max(0.0, x); }
double Gelu(double x) { return 0.5 * x * std::erfc(-x / std::numbers::sqrt2); }

struct NamedFunction {
  Activation activation;
  Function function;
};

constexpr NamedFunction kNone = {{}, Identity};
constexpr NamedFunction kTanh = {{ActivationKind::kTanh}, Tanh};
constexpr NamedFunction kRelu = {{ActivationKind::kRelu}, Relu};
constexpr NamedFunction kGelu = {{ActivationKind::kGelu}, Gelu};

// The geometry of a convolution with `output` inferred.
ConvolutionGeometry Infer(ConvolutionGeometry g) {
  g.output = {WindowsAlong(g.input.height, g.kernel.height, g.stride.height, g.padding.height,
                           g.dilation.height),
              WindowsAlong(g.input.width, g.kernel.width, g.stride.width, g.padding.width,
                           g.dilation.width)};
  return g;
}

// Where a value of channels-last pictures lies.
size_t Place(const Shape& shape, int64_t row, int64_t channel, int64_t i, int64_t j) {
  return static_cast<size_t>(((row * shape[1] + i) * shape[2] + j) * shape[0] + channel);
}

// Calls visit(x index, w index, y index) for each product of one sample that a convolution sums.
template <typename Visit>
void ForEachProduct(const ConvolutionGeometry& g, int64_t row, const Visit& visit) {
  const int64_t inputs = g.inputs / g.groups;
  const int64_t outputs = g.outputs / g.groups;
  const Shape window = {g.output.height, g.output.width, g.kernel.height, g.kernel.width};
  for (int64_t at = 0; at < window.elements(); ++at) {
    const int64_t kj = at % g.kernel.width;
    const int64_t ki = at / g.kernel.width % g.kernel.height;
    const int64_t j = at / (g.kernel.width * g.kernel.height) % g.output.width;
    const int64_t i = at / (g.kernel.width * g.kernel.height * g.output.width);
    const int64_t xi = i * g.stride.height + ki * g.dilation.height - g.padding.height;
    const int64_t xj = j * g.stride.width + kj * g.dilation.width - g.padding.width;
    if (xi < 0 || xi >= g.input.height || xj < 0 || xj >= g.input.width) continue;
    for (int64_t o = 0; o < g.outputs; ++o) {
      for (int64_t c = 0; c < inputs; ++c) {
        const int64_t w = ((o * inputs + c) * g.kernel.height + ki) * g.kernel.width + kj;
        visit(Place(g.InputShape(), row, o / outputs * inputs + c, xi, xj), static_cast<size_t>(w),
              Place(g.OutputShape(), row, o, i, j));
      }
    }
  }
}

// `transposed`: from y to x.
Reference ConvolutionReference(const Conv2dOptions& options, bool transposed, Function function) {
  return [=](int64_t rows, const std::vector<Doubles>& inputs,
             const std::vector<Doubles>& parameters) {
    const ConvolutionGeometry& g = options.geometry;
    const Shape shape = transposed ? g.InputShape() : g.OutputShape();
    Doubles sums(static_cast<size_t>(rows * shape.elements()));
    for (int64_t row = 0; row < rows; ++row) {
      ForEachProduct(g, row, [&](size_t x, size_t w, size_t y) {
        const size_t to = transposed ? x : y;
        sums[to] += inputs[0][transposed ? y : x] * parameters[0][w];
      });
    }
    for (size_t i = 0; i < sums.size(); ++i) {
      const size_t channel = i % static_cast<size_t>(shape[0]);
      sums[i] = function(sums[i] + (options.bias ? parameters[1][channel] : 0));
    }
    return sums;
  };
}

LayerCase ConvolutionCase(const std::string& name, const ConvolutionGeometry& geometry,
                          const NamedFunction& named = kNone, bool bias = true) {
  const Conv2dOptions options = {
      .geometry = Infer(geometry), .bias = bias, .activation = named.activation};
  return {"conv2d_" + name,
          [=] { return std::make_unique<Conv2d>(options); },
          {geometry.InputShape()},
          ConvolutionReference(options, false, named.function)};
}

// `geometry` is that of the convolution whose input gradient the layer is.
LayerCase TransposedCase(const std::string& name, const ConvolutionGeometry& geometry,
                         const NamedFunction& named = kNone, bool bias = true) {
  const Conv2dOptions options = {
      .geometry = Infer(geometry), .bias = bias, .activation = named.activation};
  return {"conv_transpose2d_" + name,
          [=] { return std::make_unique<ConvTranspose2d>(options); },
          {options.geometry.OutputShape()},
          ConvolutionReference(options, true, named.function)};
}

}  // namespace

std::vector<LayerCase> ConvolutionCases() {
  std::vector<LayerCase> cases;
  cases.push_back(ConvolutionCase(
      "one_channel", {.inputs = 1, .outputs = 2, .input = {4, 5}, .kernel = {3, 3}}, kRelu));
  cases.push_back(
      ConvolutionCase("pointwise", {.inputs = 3, .outputs = 4, .input = {2, 3}, .kernel = {1, 1}}));
  cases.push_back(
      ConvolutionCase("wide", {.inputs = 2, .outputs = 17, .input = {2, 3}, .kernel = {2, 2}}));
  cases.push_back(ConvolutionCase("stride2",
                                  {.inputs = 2,
                                   .outputs = 3,
                                   .input = {4, 5},
                                   .kernel = {3, 3},
                                   .stride = {2, 2},
                                   .padding = {1, 1}},
                                  kTanh));
  cases.push_back(ConvolutionCase("not_square",
                                  {.inputs = 2,
                                   .outputs = 3,
                                   .input = {3, 7},
                                   .kernel = {2, 3},
                                   .stride = {1, 3},
                                   .padding = {0, 2}},
                                  kGelu));
  cases.push_back(ConvolutionCase("dilation",
                                  {.inputs = 2,
                                   .outputs = 2,
                                   .input = {4, 5},
                                   .kernel = {3, 2},
                                   .dilation = {2, 3},
                                   .padding = {2, 0}},
                                  kNone, false));
  cases.push_back(ConvolutionCase("groups",
                                  {.inputs = 4,
                                   .outputs = 6,
                                   .input = {2, 3},
                                   .kernel = {3, 3},
                                   .padding = {1, 1},
                                   .groups = 2},
                                  kGelu));
  cases.push_back(ConvolutionCase("depthwise", {.inputs = 5,
                                                .outputs = 5,
                                                .input = {3, 3},
                                                .kernel = {3, 3},
                                                .stride = {2, 1},
                                                .padding = {1, 1},
                                                .groups = 5}));
  // Our own kernel, of one vector of pixels and a part, and of two and a part.
  cases.push_back(ConvolutionCase("few_channels",
                                  {.inputs = 1,
                                   .outputs = 3,
                                   .input = {1, 36},
                                   .kernel = {2, 3},
                                   .stride = {1, 2},
                                   .padding = {1, 1}},
                                  kRelu));
  cases.push_back(ConvolutionCase("few_channels_dilation",
                                  {.inputs = 2,
                                   .outputs = 1,
                                   .input = {1, 36},
                                   .kernel = {1, 3},
                                   .dilation = {1, 2},
                                   .padding = {0, 2}},
                                  kGelu, false));
  cases.push_back(TransposedCase(
      "one_channel", {.inputs = 1, .outputs = 2, .input = {4, 5}, .kernel = {3, 3}}, kRelu));
  // Windows end before the input does: rows and columns of output padding.
  cases.push_back(TransposedCase("output_padding_groups",
                                 {.inputs = 4,
                                  .outputs = 6,
                                  .input = {4, 2},
                                  .kernel = {3, 3},
                                  .stride = {2, 2},
                                  .padding = {1, 1},
                                  .groups = 2},
                                 kGelu));
  cases.push_back(TransposedCase("dilation",
                                 {.inputs = 3,
                                  .outputs = 2,
                                  .input = {4, 4},
                                  .kernel = {2, 3},
                                  .stride = {1, 2},
                                  .dilation = {3, 1},
                                  .padding = {0, 1}},
                                 kTanh, false));
  return cases;
}

}  // namespace seve::testing
