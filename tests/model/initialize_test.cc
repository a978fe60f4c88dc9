#include "model/initialize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace seve {
namespace {

constexpr int64_t kIn = 200, kOut = 300;

std::vector<float> Draw(Initializer initializer, const char* name = "hidden.weight",
                        uint64_t seed = 42) {
  std::vector<float> values(kIn * kOut);
  Initialize({.name = "weight",
              .shape = Shape{kOut, kIn},
              .initializer = initializer,
              .fan_in = kIn,
              .fan_out = kOut},
             name, seed, values);
  return values;
}

struct Moments {
  double mean = 0, deviation = 0, low = 0, high = 0;
};

Moments MomentsOf(const std::vector<float>& values) {
  Moments moments;
  for (const float value : values) moments.mean += value;
  moments.mean /= static_cast<double>(values.size());
  for (const float value : values) moments.deviation += std::pow(value - moments.mean, 2);
  moments.deviation = std::sqrt(moments.deviation / static_cast<double>(values.size()));
  const auto [low, high] = std::ranges::minmax(values);
  moments.low = low;
  moments.high = high;
  return moments;
}

struct Case {
  const char* what;
  Initializer initializer;
  double deviation;
  double bound;  // 0: unbounded
};

using Kind = Initializer::Kind;

class Distributions : public testing::TestWithParam<Case> {};

// 60,000 draws: the standard error of a deviation is about 0.3 %, of a mean 0.4 % of the deviation;
// four of each.
TEST_P(Distributions, HaveTheSpreadOfTheirFormula) {
  const auto moments = MomentsOf(Draw(GetParam().initializer));
  const double deviation = GetParam().deviation;
  EXPECT_NEAR(moments.deviation, deviation, 0.012 * deviation);
  EXPECT_NEAR(moments.mean, 0, 0.016 * deviation);
  if (GetParam().bound == 0) return;
  EXPECT_GE(moments.low, -GetParam().bound);
  EXPECT_LE(moments.high, GetParam().bound);
  EXPECT_GT(moments.high, 0.99 * GetParam().bound);
}

INSTANTIATE_TEST_SUITE_P(
    All, Distributions,
    testing::Values(
        Case{"fan_in", {Kind::kFanInUniform}, 1 / std::sqrt(3.0 * kIn), 1 / std::sqrt(kIn * 1.0)},
        Case{"normal", {Kind::kNormal, 0, 0.02f}, 0.02, 0},
        Case{"uniform", {Kind::kUniform, -0.3f, 0.3f}, 0.3 / std::sqrt(3.0), 0.3001},
        Case{"xavier_uniform",
             {Kind::kXavierUniform, 1},
             std::sqrt(2.0 / (kIn + kOut)),
             std::sqrt(6.0 / (kIn + kOut))},
        Case{"xavier_normal", {Kind::kXavierNormal, 2}, 2 * std::sqrt(2.0 / (kIn + kOut)), 0},
        Case{"he_uniform", {Kind::kHeUniform}, std::sqrt(2.0 / kIn), std::sqrt(6.0 / kIn)},
        Case{"he_normal", {Kind::kHeNormal}, std::sqrt(2.0 / kIn), 0},
        Case{"lecun_uniform", {Kind::kLecunUniform}, std::sqrt(1.0 / kIn), std::sqrt(3.0 / kIn)},
        Case{"lecun_normal", {Kind::kLecunNormal}, std::sqrt(1.0 / kIn), 0}),
    [](const auto& info) { return info.param.what; });

TEST(Initialize, FillsZerosAndConstants) {
  EXPECT_TRUE(std::ranges::all_of(Draw({Kind::kZeros}), [](float v) { return v == 0; }));
  EXPECT_TRUE(
      std::ranges::all_of(Draw({Kind::kConstant, 0.5f}), [](float v) { return v == 0.5f; }));
}

TEST(Initialize, IsAPureFunctionOfSeedAndName) {
  EXPECT_EQ(Draw({Kind::kHeNormal}), Draw({Kind::kHeNormal}));
  EXPECT_NE(Draw({Kind::kHeNormal}), Draw({Kind::kHeNormal}, "other.weight"));
  EXPECT_NE(Draw({Kind::kHeNormal}), Draw({Kind::kHeNormal}, "hidden.weight", 43));
}

TEST(Initialize, ValuesAreTakenOneByOne) {
  std::vector<float> values(4);
  Initialize({.name = "weight",
              .shape = Shape{2, 2},
              .initializer = {Initializer::Kind::kValues, 0, 0, {1, -2, 3, 0.5F}}},
             "filters.weight", 42, values);
  EXPECT_EQ(values, (std::vector<float>{1, -2, 3, 0.5F}));
}

}  // namespace
}  // namespace seve
