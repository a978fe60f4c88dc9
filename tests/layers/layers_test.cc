// Every layer that computes something: forward against a float64 reference, backward against
// numerical gradients of that reference, over numbers of rows that include 1 and odd ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "layers/layer_cases_testing.h"
#include "layers/linear.h"
#include "layers/max_pool.h"
#include "layers/maxout.h"

namespace seve::testing {
namespace {

// float32 sums of up to 67 terms and functions of a few units in the last place, relative to the
// largest value: 2e-6 is some 30 roundings.
constexpr double kTolerance = 2e-6;

class LayerTest : public ::testing::TestWithParam<std::tuple<size_t, int64_t>> {
 protected:
  LayerTest() : case_(LayerCases()[std::get<0>(GetParam())]), rows_(std::get<1>(GetParam())) {}

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
  std::vector<Doubles> ExpectedGradients(const LayerRun& run, bool frozen = false) const {
    auto gradients =
        NumericalGradients(frozen ? case_.evaluation() : case_.reference, rows_, Inputs(run),
                           Parameters(run), ToDouble(run.output_gradient()));
    if (!case_.statistics) return gradients;
    Doubles values = case_.statistics(rows_, Inputs(run), Parameters(run));
    const size_t each = run.parameter(run.parameters() - 1).size();
    for (auto to = gradients.rbegin(); !values.empty(); ++to) {
      to->assign(values.end() - static_cast<int64_t>(each), values.end());
      values.resize(values.size() - each);
    }
    return gradients;
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
    const Reference& reference = training ? case_.reference : case_.evaluation();
    const Doubles expected = reference(rows_, Inputs(run), Parameters(run));
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
  const auto expected = ExpectedGradients(run, true);
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
    EXPECT_TRUE(std::ranges::any_of(run.output(), [](float y) { return std::isnan(y); }));
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, LayerTest,
                         ::testing::Combine(::testing::Range(size_t{0}, LayerCases().size()),
                                            ::testing::Values(1, 2, 5)),
                         [](const auto& info) {
                           return LayerCases()[std::get<0>(info.param)].name + "_rows" +
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

TEST(MaxPool, OfEqualValuesTheFirstLearns) {
  const MaxPool layer(
      {.channels = 1, .input = {2, 2}, .output = {1, 1}, .size = {2, 2}, .stride = {2, 2}});
  LayerRun run(layer, {{1, 2, 2}}, 1);
  std::ranges::copy(Values{1, 3, 3, 3}, run.input().begin());
  run.Forward();
  run.Backward();
  const float gradient = run.output_gradient()[0];
  EXPECT_THAT(run.input_gradient(), ::testing::ElementsAre(0, gradient, 0, 0));
}

TEST(MaxPool, KeepsOneByteAnOutputWhereThatIsEnough) {
  const auto bytes = [](int64_t side) {
    const WindowGeometry geometry = {.channels = 3,
                                     .input = {side, side},
                                     .output = {1, 1},
                                     .size = {side, side},
                                     .stride = {1, 1}};
    return MaxPool(geometry).WorkspaceBytes(5);
  };
  EXPECT_EQ(bytes(16), 15);
  EXPECT_EQ(bytes(17), 60);
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
