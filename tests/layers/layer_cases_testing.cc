#include "layers/layer_cases_testing.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>

#include "layers/activation.h"
#include "layers/add.h"
#include "layers/concatenate.h"
#include "layers/convolution_cases_testing.h"
#include "layers/linear.h"
#include "layers/maxout.h"
#include "layers/norm_cases_testing.h"
#include "layers/picture_cases_testing.h"
#include "layers/prelu.h"

namespace seve::testing {
namespace {

using Function = double (*)(double);

double Identity(double x) { return x; }
double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double Tanh(double x) { return std::tanh(x); }
double Relu(double x) { return std::max(0.0, x); }
double LeakyRelu(double x) { return x > 0 ? x : 0.25 * x; }
double Elu(double x) { return x > 0 ? x : 1.5 * (std::exp(x) - 1); }
double Gelu(double x) { return 0.5 * x * std::erfc(-x / std::numbers::sqrt2); }
double Softplus(double x) { return std::log(1 + std::exp(x)); }
double Swish(double x) { return x / (1 + std::exp(-x)); }
double Selu(double x) {
  constexpr double kScale = 1.0507009873554804934193349852946;
  constexpr double kAlpha = 1.6732632423543772848170429916717;
  return kScale * (x > 0 ? x : kAlpha * (std::exp(x) - 1));
}
double HardTanh(double x) { return std::clamp(x, -0.75, 1.25); }

struct NamedActivation {
  const char* name;
  Activation activation;
  Function function;
};

constexpr NamedActivation kActivations[] = {
    {"sigmoid", {ActivationKind::kSigmoid}, Sigmoid},
    {"tanh", {ActivationKind::kTanh}, Tanh},
    {"relu", {ActivationKind::kRelu}, Relu},
    {"leaky_relu", {ActivationKind::kLeakyRelu, 0.25f}, LeakyRelu},
    {"elu", {ActivationKind::kElu, 1.5f}, Elu},
    {"gelu", {ActivationKind::kGelu}, Gelu},
    {"softplus", {ActivationKind::kSoftplus}, Softplus},
    {"swish", {ActivationKind::kSwish}, Swish},
    {"selu", {ActivationKind::kSelu}, Selu},
    {"hard_tanh", {ActivationKind::kHardTanh, -0.75f, 1.25f}, HardTanh},
};

LayerCase ActivationCase(const NamedActivation& named, const Shape& shape) {
  return {named.name + std::to_string(shape.elements()),
          [=] { return std::make_unique<ActivationLayer>(named.activation, shape); },
          {shape},
          [=](int64_t, const std::vector<Doubles>& inputs, const std::vector<Doubles>&) {
            Doubles y;
            for (const double value : inputs[0]) y.push_back(named.function(value));
            return y;
          }};
}

Doubles LinearReference(const LinearOptions& options, Function function, int64_t rows,
                        const Doubles& x, const std::vector<Doubles>& parameters) {
  Doubles y;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t unit = 0; unit < options.units; ++unit) {
      double sum = options.bias ? parameters[1][static_cast<size_t>(unit)] : 0;
      for (int64_t i = 0; i < options.inputs; ++i) {
        sum += x[static_cast<size_t>(row * options.inputs + i)] *
               parameters[0][static_cast<size_t>(unit * options.inputs + i)];
      }
      y.push_back(function(sum));
    }
  }
  return y;
}

LayerCase LinearCase(const std::string& name, LinearOptions options, Function function) {
  return {name + std::to_string(options.inputs) + "to" + std::to_string(options.units),
          [=] { return std::make_unique<Linear>(options); },
          {Shape{options.inputs}},
          [=](int64_t rows, const std::vector<Doubles>& inputs,
              const std::vector<Doubles>& parameters) {
            return LinearReference(options, function, rows, inputs[0], parameters);
          }};
}

LayerCase PReluCase(const std::string& name, bool per_feature, const Shape& shape) {
  return {name,
          [=] { return std::make_unique<PRelu>(per_feature, 0.25f, shape); },
          {shape},
          [=](int64_t, const std::vector<Doubles>& inputs, const std::vector<Doubles>& parameters) {
            const Doubles& slopes = parameters[0];
            const bool by_pixel = per_feature && shape.rank() == 3;
            const size_t share =
                by_pixel ? 1 : static_cast<size_t>(shape.elements()) / slopes.size();
            Doubles y;
            for (size_t i = 0; i < inputs[0].size(); ++i) {
              const double x = inputs[0][i];
              y.push_back(x > 0 ? x : slopes[i / share % slopes.size()] * x);
            }
            return y;
          }};
}

LayerCase MaxoutCase(const LinearOptions& piece, int64_t pieces) {
  LinearOptions all = piece;
  all.units *= pieces;
  return {"maxout" + std::to_string(pieces) + (piece.bias ? "" : "_no_bias"),
          [=] { return std::make_unique<Maxout>(piece, pieces); },
          {Shape{piece.inputs}},
          [=](int64_t rows, const std::vector<Doubles>& inputs,
              const std::vector<Doubles>& parameters) {
            const Doubles z = LinearReference(all, Identity, rows, inputs[0], parameters);
            Doubles y;
            for (auto i = z.begin(); i != z.end(); i += pieces) {
              y.push_back(*std::max_element(i, i + pieces));
            }
            return y;
          }};
}

LayerCase AddCase(size_t count, const Shape& shape,
                  const NamedActivation& named = {"", {}, Identity}) {
  return {"add" + std::to_string(count) + "of" + std::to_string(shape.elements()) + named.name,
          [=] { return std::make_unique<Add>(count, shape, named.activation); },
          std::vector<Shape>(count, shape),
          [=](int64_t, const std::vector<Doubles>& inputs, const std::vector<Doubles>&) {
            Doubles y(inputs[0].size());
            for (const auto& x : inputs) {
              for (size_t i = 0; i < y.size(); ++i) y[i] += x[i];
            }
            for (double& value : y) value = named.function(value);
            return y;
          }};
}

LayerCase ConcatenateCase(const std::vector<Shape>& shapes) {
  return {"concatenate" + std::to_string(shapes.size()) + "axes" + std::to_string(shapes[0].rank()),
          [=] { return std::make_unique<Concatenate>(shapes); }, shapes,
          [=](int64_t rows, const std::vector<Doubles>& inputs, const std::vector<Doubles>&) {
            const Shape& first = shapes[0];
            const int64_t pixels = first.rank() == 3 ? first[1] * first[2] : 1;
            Doubles y;
            for (int64_t part = 0; part < rows * pixels; ++part) {
              for (size_t i = 0; i < shapes.size(); ++i) {
                const int64_t width = shapes[i].elements() / pixels;
                const auto from = inputs[i].begin() + part * width;
                y.insert(y.end(), from, from + width);
              }
            }
            return y;
          }};
}

std::vector<LayerCase> AllCases() {
  std::vector<LayerCase> cases;
  for (const auto& named : kActivations) {
    cases.push_back(ActivationCase(named, {3, 7}));
    cases.push_back(ActivationCase(named, {64}));
    cases.push_back(LinearCase(std::string("linear_") + named.name,
                               {.inputs = 7, .units = 5, .activation = named.activation},
                               named.function));
  }
  cases.push_back(LinearCase("linear", {.inputs = 1, .units = 1}, Identity));
  cases.push_back(LinearCase("linear", {.inputs = 37, .units = 10}, Identity));
  cases.push_back(LinearCase("linear", {.inputs = 16, .units = 67}, Identity));
  cases.push_back(
      LinearCase("linear_no_bias", {.inputs = 9, .units = 17, .bias = false}, Identity));
  cases.push_back(LinearCase(
      "linear_no_bias_gelu",
      {.inputs = 9, .units = 17, .bias = false, .activation = {ActivationKind::kGelu}}, Gelu));
  cases.push_back(PReluCase("prelu", false, {3, 7}));
  cases.push_back(PReluCase("prelu_features", true, {37}));
  cases.push_back(PReluCase("prelu_channels", true, {3, 2, 9}));
  cases.push_back(MaxoutCase({.inputs = 9, .units = 4}, 2));
  cases.push_back(MaxoutCase({.inputs = 7, .units = 3, .bias = false}, 5));
  cases.push_back(MaxoutCase({.inputs = 5, .units = 3}, 1));
  cases.push_back(AddCase(2, {13}));
  cases.push_back(AddCase(3, {2, 3, 4}));
  cases.push_back(AddCase(2, {13}, {"relu", {ActivationKind::kRelu}, Relu}));
  cases.push_back(AddCase(3, {2, 3, 4}, {"tanh", {ActivationKind::kTanh}, Tanh}));
  cases.push_back(AddCase(2, {2, 3, 4}, {"gelu", {ActivationKind::kGelu}, Gelu}));
  for (auto& norm : NormCases()) cases.push_back(std::move(norm));
  cases.push_back(ConcatenateCase({{7}, {10}}));
  cases.push_back(ConcatenateCase({{1, 2, 3}, {4, 2, 3}, {2, 2, 3}}));
  std::ranges::move(ConvolutionCases(), std::back_inserter(cases));
  cases.push_back(ConcatenateCase({{1, 3}, {4, 3}}));
  cases.push_back(PReluCase("prelu_rows", true, {3, 8}));
  std::ranges::move(PictureCases(), std::back_inserter(cases));
  return cases;
}

}  // namespace

const std::vector<LayerCase>& LayerCases() {
  static const std::vector<LayerCase> kCases = AllCases();
  return kCases;
}

}  // namespace seve::testing
