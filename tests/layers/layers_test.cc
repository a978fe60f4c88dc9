// Every layer that computes something: forward against a float64 reference, backward against
// numerical gradients of that reference, over numbers of rows that include 1 and odd ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "layers/activation.h"
#include "layers/layer_testing.h"
#include "layers/linear.h"

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
          [=] { return std::make_unique<ActivationLayer>(named.activation, shape); }, shape,
          [=](int64_t, const Doubles& x, const std::vector<Doubles>&) {
            Doubles y;
            for (const double value : x) y.push_back(named.function(value));
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
          [=] { return std::make_unique<Linear>(options); }, Shape{options.inputs},
          [=](int64_t rows, const Doubles& x, const std::vector<Doubles>& parameters) {
            return LinearReference(options, function, rows, x, parameters);
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
  return cases;
}

// float32 sums of up to 67 terms and functions of a few units in the last place, relative to the
// largest value: 2e-6 is some 30 roundings.
constexpr double kTolerance = 2e-6;

class LayerTest : public ::testing::TestWithParam<std::tuple<size_t, int64_t>> {
 protected:
  LayerTest() : case_(Cases()[std::get<0>(GetParam())]), rows_(std::get<1>(GetParam())) {}

  // x first, then the parameters.
  static std::vector<Doubles> Arguments(const LayerRun& run) {
    std::vector<Doubles> arguments = {ToDouble(run.input())};
    for (size_t i = 0; i < run.parameters(); ++i) arguments.push_back(ToDouble(run.parameter(i)));
    return arguments;
  }

  std::vector<Doubles> ExpectedGradients(const LayerRun& run) const {
    auto arguments = Arguments(run);
    const Doubles x = arguments[0];
    arguments.erase(arguments.begin());
    return NumericalGradients(case_.reference, rows_, x, arguments,
                              ToDouble(run.output_gradient()));
  }

  LayerCase case_;
  int64_t rows_;
};

TEST_P(LayerTest, ForwardAgreesWithFloat64InTrainingAndEvaluation) {
  const auto layer = case_.make();
  for (const bool training : {true, false}) {
    LayerRun run(*layer, case_.input, rows_, {.training = training});
    run.Forward();
    auto arguments = Arguments(run);
    const Doubles x = arguments[0];
    arguments.erase(arguments.begin());
    EXPECT_LT(RelativeError(run.output(), case_.reference(rows_, x, arguments)), kTolerance);
  }
}

TEST_P(LayerTest, BackwardAgreesWithNumericalGradients) {
  const auto layer = case_.make();
  LayerRun run(*layer, case_.input, rows_);
  const auto expected = ExpectedGradients(run);
  run.Forward();
  run.Backward();
  EXPECT_LT(RelativeError(run.input_gradient(), expected[0]), kTolerance);
  for (size_t i = 0; i < run.parameters(); ++i) {
    EXPECT_LT(RelativeError(run.parameter_gradient(i), expected[1 + i]), kTolerance) << i;
  }
}

TEST_P(LayerTest, AddsGradientsWhereAsked) {
  const auto layer = case_.make();
  LayerRun run(*layer, case_.input, rows_, {.add_input_gradient = true});
  const auto expected = ExpectedGradients(run);
  run.Forward({.accumulate = true});
  run.Backward({.accumulate = true});
  EXPECT_LT(RelativeError(run.input_gradient(), expected[0], LayerRun::kBefore), kTolerance);
  for (size_t i = 0; i < run.parameters(); ++i) {
    EXPECT_LT(RelativeError(run.parameter_gradient(i), expected[1 + i], LayerRun::kBefore),
              kTolerance);
  }
}

TEST_P(LayerTest, FrozenParametersGetNoGradient) {
  const auto layer = case_.make();
  LayerRun run(*layer, case_.input, rows_, {.frozen = true});
  const auto expected = ExpectedGradients(run);
  run.Forward();
  run.Backward();
  EXPECT_LT(RelativeError(run.input_gradient(), expected[0]), kTolerance);
  for (size_t i = 0; i < run.parameters(); ++i) {
    for (const float value : run.parameter_gradient(i)) EXPECT_EQ(value, LayerRun::kBefore);
  }
}

TEST_P(LayerTest, UnneededInputGradientIsNotWritten) {
  const auto layer = case_.make();
  LayerRun run(*layer, case_.input, rows_, {.input_gradient = false});
  const auto expected = ExpectedGradients(run);
  run.Forward();
  run.Backward();
  for (const float value : run.input_gradient()) EXPECT_EQ(value, LayerRun::kBefore);
  for (size_t i = 0; i < run.parameters(); ++i) {
    EXPECT_LT(RelativeError(run.parameter_gradient(i), expected[1 + i]), kTolerance) << i;
  }
}

TEST_P(LayerTest, NaNInputReachesTheOutput) {
  const auto layer = case_.make();
  for (const bool training : {true, false}) {
    LayerRun run(*layer, case_.input, rows_, {.training = training});
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

TEST(Linear, NoRowsMeansZeroGradientsOrUntouchedOnes) {
  const Linear layer({.inputs = 3, .units = 2});
  LayerRun run(layer, {3}, 0);
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
