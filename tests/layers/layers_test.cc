// Every layer that computes something: forward against a float64 reference, backward against
// numerical gradients of that reference, over numbers of rows that include 1 and odd ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "layers/activation.h"
#include "layers/add.h"
#include "layers/concatenate.h"
#include "layers/layer_testing.h"
#include "layers/linear.h"
#include "layers/maxout.h"
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
            const auto share = static_cast<size_t>(shape.elements()) / slopes.size();
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

LayerCase AddCase(size_t count, const Shape& shape) {
  return {"add" + std::to_string(count) + "of" + std::to_string(shape.elements()),
          [=] { return std::make_unique<Add>(count, shape); }, std::vector<Shape>(count, shape),
          [](int64_t, const std::vector<Doubles>& inputs, const std::vector<Doubles>&) {
            Doubles y(inputs[0].size());
            for (const auto& x : inputs) {
              for (size_t i = 0; i < y.size(); ++i) y[i] += x[i];
            }
            return y;
          }};
}

LayerCase ConcatenateCase(const std::vector<Shape>& shapes) {
  return {"concatenate" + std::to_string(shapes.size()) + "axes" + std::to_string(shapes[0].rank()),
          [=] { return std::make_unique<Concatenate>(shapes); }, shapes,
          [=](int64_t rows, const std::vector<Doubles>& inputs, const std::vector<Doubles>&) {
            Doubles y;
            for (int64_t row = 0; row < rows; ++row) {
              for (size_t i = 0; i < shapes.size(); ++i) {
                const auto from = inputs[i].begin() + row * shapes[i].elements();
                y.insert(y.end(), from, from + shapes[i].elements());
              }
            }
            return y;
          }};
}

std::vector<LayerCase> Cases() {
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
  cases.push_back(ConcatenateCase({{7}, {10}}));
  cases.push_back(ConcatenateCase({{1, 2, 3}, {4, 2, 3}, {2, 2, 3}}));
  return cases;
}

// float32 sums of up to 67 terms and functions of a few units in the last place, relative to the
// largest value: 2e-6 is some 30 roundings.
constexpr double kTolerance = 2e-6;

class LayerTest : public ::testing::TestWithParam<std::tuple<size_t, int64_t>> {
 protected:
  LayerTest() : case_(Cases()[std::get<0>(GetParam())]), rows_(std::get<1>(GetParam())) {}

  static std::vector<Doubles> Inputs(const LayerRun& run) {
    std::vector<Doubles> inputs;
    for (size_t i = 0; i < run.inputs(); ++i) inputs.push_back(ToDouble(run.input(i)));
    return inputs;
  }

  static std::vector<Doubles> Parameters(const LayerRun& run) {
    std::vector<Doubles> parameters;
    for (size_t i = 0; i < run.parameters(); ++i) parameters.push_back(ToDouble(run.parameter(i)));
    return parameters;
  }

  // Of the inputs, then the parameters.
  std::vector<Doubles> ExpectedGradients(const LayerRun& run) const {
    return NumericalGradients(case_.reference, rows_, Inputs(run), Parameters(run),
                              ToDouble(run.output_gradient()));
  }

  static void ExpectInputGradients(const LayerRun& run, const std::vector<Doubles>& expected,
                                   double before = 0) {
    for (size_t i = 0; i < run.inputs(); ++i) {
      EXPECT_LT(RelativeError(run.input_gradient(i), expected[i], before), kTolerance) << i;
    }
  }

  static void ExpectParameterGradients(const LayerRun& run, const std::vector<Doubles>& expected,
                                       double before = 0) {
    for (size_t i = 0; i < run.parameters(); ++i) {
      EXPECT_LT(RelativeError(run.parameter_gradient(i), expected[run.inputs() + i], before),
                kTolerance)
          << i;
    }
  }

  LayerCase case_;
  int64_t rows_;
};

TEST_P(LayerTest, ForwardAgreesWithFloat64InTrainingAndEvaluation) {
  const auto layer = case_.make();
  for (const bool training : {true, false}) {
    LayerRun run(*layer, case_.inputs, rows_, {.training = training});
    run.Forward();
    const Doubles expected = case_.reference(rows_, Inputs(run), Parameters(run));
    EXPECT_LT(RelativeError(run.output(), expected), kTolerance);
  }
}

TEST_P(LayerTest, BackwardAgreesWithNumericalGradients) {
  const auto layer = case_.make();
  LayerRun run(*layer, case_.inputs, rows_);
  const auto expected = ExpectedGradients(run);
  run.Forward();
  run.Backward();
  ExpectInputGradients(run, expected);
  ExpectParameterGradients(run, expected);
}

TEST_P(LayerTest, AddsGradientsWhereAsked) {
  const auto layer = case_.make();
  LayerRun run(*layer, case_.inputs, rows_, {.add_input_gradient = true});
  const auto expected = ExpectedGradients(run);
  run.Forward({.accumulate = true});
  run.Backward({.accumulate = true});
  ExpectInputGradients(run, expected, LayerRun::kBefore);
  ExpectParameterGradients(run, expected, LayerRun::kBefore);
}

TEST_P(LayerTest, FrozenParametersGetNoGradient) {
  const auto layer = case_.make();
  LayerRun run(*layer, case_.inputs, rows_, {.frozen = true});
  const auto expected = ExpectedGradients(run);
  run.Forward();
  run.Backward();
  ExpectInputGradients(run, expected);
  for (size_t i = 0; i < run.parameters(); ++i) {
    for (const float value : run.parameter_gradient(i)) EXPECT_EQ(value, LayerRun::kBefore);
  }
}

TEST_P(LayerTest, UnneededInputGradientIsNotWritten) {
  const auto layer = case_.make();
  LayerRun run(*layer, case_.inputs, rows_, {.input_gradient = false});
  const auto expected = ExpectedGradients(run);
  run.Forward();
  run.Backward();
  for (size_t i = 0; i < run.inputs(); ++i) {
    for (const float value : run.input_gradient(i)) EXPECT_EQ(value, LayerRun::kBefore);
  }
  ExpectParameterGradients(run, expected);
}

TEST_P(LayerTest, NaNInputReachesTheOutput) {
  const auto layer = case_.make();
  for (const bool training : {true, false}) {
    LayerRun run(*layer, case_.inputs, rows_, {.training = training});
    run.input()[0] = std::nanf("");
    run.Forward();
    EXPECT_TRUE(std::isnan(run.output()[0]));
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, LayerTest,
                         ::testing::Combine(::testing::Range(size_t{0}, Cases().size()),
                                            ::testing::Values(1, 2, 5)),
                         [](const auto& info) {
                           return Cases()[std::get<0>(info.param)].name + "_rows" +
                                  std::to_string(std::get<1>(info.param));
                         });

TEST(Maxout, OfEqualPiecesTheFirstLearns) {
  const Maxout layer({.inputs = 2, .units = 1, .bias = false}, 3);
  LayerRun run(layer, {Shape{2}}, 1);
  std::ranges::fill(run.parameter(0), 0.5f);
  run.Forward();
  run.Backward();
  const auto gradient = run.parameter_gradient(0);
  EXPECT_EQ(gradient[0], run.output_gradient()[0] * run.input()[0]);
  for (size_t i = 2; i < 6; ++i) EXPECT_EQ(gradient[i], 0);
}

TEST(Linear, NoRowsMeansZeroGradientsOrUntouchedOnes) {
  const Linear layer({.inputs = 3, .units = 2});
  LayerRun run(layer, {Shape{3}}, 0);
  run.Forward();
  run.Backward({.accumulate = true});
  for (const float value : run.parameter_gradient(0)) EXPECT_EQ(value, LayerRun::kBefore);
  for (const float value : run.parameter_gradient(1)) EXPECT_EQ(value, LayerRun::kBefore);
  run.Backward();
  for (const float value : run.parameter_gradient(0)) EXPECT_EQ(value, 0);
  for (const float value : run.parameter_gradient(1)) EXPECT_EQ(value, 0);
}

TEST(Linear, StartsAsPyTorchDoes) {
  const auto specs = Linear({.inputs = 784, .units = 10}).Parameters();
  ASSERT_EQ(specs.size(), 2);
  EXPECT_EQ(specs[0].shape, (Shape{10, 784}));
  EXPECT_EQ(specs[1].shape, (Shape{10}));
  for (const auto& spec : specs) {
    EXPECT_EQ(spec.initializer.kind, Initializer::Kind::kFanInUniform);
    EXPECT_EQ(spec.fan_in, 784);
    EXPECT_EQ(spec.fan_out, 10);
  }
}

TEST(Linear, CountsTwoOperationsAWeight) {
  EXPECT_EQ(Linear({.inputs = 784, .units = 10, .bias = false}).FlopsPerSample(), 15680);
}

}  // namespace
}  // namespace seve::testing
