#include "layers/cpu/elementwise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "layers/activation.h"
#include "layers/layer_testing.h"
#include "layers/linear.h"

namespace seve::testing {
namespace {

constexpr Activation kActivations[] = {
    {ActivationKind::kSigmoid},          {ActivationKind::kTanh},      {ActivationKind::kRelu},
    {ActivationKind::kLeakyRelu, 0.25f}, {ActivationKind::kElu, 1.5f}, {ActivationKind::kGelu},
    {ActivationKind::kSoftplus},         {ActivationKind::kSwish},     {ActivationKind::kSelu},
    {ActivationKind::kHardTanh, -2, 3}};

class ElementwiseTest : public ::testing::TestWithParam<Activation> {};

// 67 elements are whole vectors and a tail; started elsewhere, every element changes its place.
TEST_P(ElementwiseTest, BitsDoNotDependOnThePlaceInAVector) {
  constexpr int64_t kCount = 67;
  Values x = Uniform(kCount, 1);
  for (float& value : x) value *= 6;
  const Values dy = Uniform(kCount, 2);
  Values y(kCount), dx(kCount);
  ApplyActivation(GetParam(), x.data(), y.data(), kCount);
  ActivationGradient(GetParam(), x.data(), y.data(), dy.data(), dx.data(), kCount, false);
  for (int64_t begin = 1; begin < kCount; ++begin) {
    const int64_t count = kCount - begin;
    Values part(static_cast<size_t>(count)), part_gradient(static_cast<size_t>(count));
    ApplyActivation(GetParam(), x.data() + begin, part.data(), count);
    EXPECT_TRUE(std::equal(part.begin(), part.end(), y.begin() + begin));
    ActivationGradient(GetParam(), x.data() + begin, y.data() + begin, dy.data() + begin,
                       part_gradient.data(), count, false);
    EXPECT_TRUE(std::equal(part_gradient.begin(), part_gradient.end(), dx.begin() + begin));
  }
}

// The configuration's reference promises the same result as a layer of its own.
TEST_P(ElementwiseTest, FusedActivationGivesTheSameBitsAsALayerOfItsOwn) {
  constexpr int64_t kRows = 5;
  const Linear fused({.inputs = 13, .units = 19, .activation = GetParam()});
  const Linear plain({.inputs = 13, .units = 19});
  const ActivationLayer activation(GetParam(), {19});
  LayerRun one(fused, {Shape{13}}, kRows);
  LayerRun first(plain, {Shape{13}}, kRows);
  LayerRun second(activation, {Shape{19}}, kRows);
  one.Forward();
  first.Forward();
  std::ranges::copy(first.output(), second.input().begin());
  second.Forward();
  EXPECT_TRUE(std::ranges::equal(one.output(), second.output()));

  one.Backward();
  second.Backward();
  std::ranges::copy(second.input_gradient(), first.output_gradient().begin());
  first.Backward();
  EXPECT_TRUE(std::ranges::equal(one.input_gradient(), first.input_gradient()));
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(std::ranges::equal(one.parameter_gradient(i), first.parameter_gradient(i)));
  }
}

// Far out, where a careless formula overflows or divides infinity by infinity.
TEST_P(ElementwiseTest, StaysFiniteFarFromZero) {
  Values x(40);
  for (size_t i = 0; i < 20; ++i) {
    x[2 * i] = -5000.0f * static_cast<float>(i + 1);
    x[2 * i + 1] = 5000.0f * static_cast<float>(i + 1);
  }
  Values y(40), dx(40);
  const Values dy(40, 1.0f);
  ApplyActivation(GetParam(), x.data(), y.data(), 40);
  ActivationGradient(GetParam(), x.data(), y.data(), dy.data(), dx.data(), 40, false);
  for (size_t i = 0; i < 40; ++i) {
    EXPECT_TRUE(std::isfinite(y[i])) << x[i];
    EXPECT_TRUE(dx[i] >= 0 && dx[i] <= 1.5f) << dx[i] << " at " << x[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Activations, ElementwiseTest, ::testing::ValuesIn(kActivations),
                         [](const auto& info) { return std::string(NameOf(info.param.kind)); });

}  // namespace
}  // namespace seve::testing
