#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "data/open_testing.h"
#include "data/toys/curve.h"

namespace seve {
namespace {

using ::testing::ElementsAre;

TEST(Spirals, HaveTheCoursesFeaturesAndSize) {
  const DataSets sets = OpenText("spirals {}");
  EXPECT_EQ(sets.train->size(), 1000);
  EXPECT_EQ(sets.test->size(), 200);
  EXPECT_EQ(sets.train->classes(), 2);
  EXPECT_EQ(sets.train->Fields()[0].shape, (Shape{7}));
  EXPECT_EQ(sets.train->Describe(), "spirals of seed 1 (1,000 samples, 2 classes)");
  for (int64_t i = 0; i < 20; ++i) {
    const auto f = ValuesOf(*sets.train, i);
    const float x = f[0], y = f[1];
    EXPECT_THAT(f, ElementsAre(x, y, x * x, y * y, x * y, std::sin(x), std::sin(y)));
  }
}

TEST(Spirals, WithoutNoiseLieOnTheirArm) {
  const DataSets sets = OpenText("spirals { noise: 0 samples: 50 turns: 2 }");
  for (int64_t i = 0; i < 50; ++i) {
    const auto f = ValuesOf(*sets.train, i);
    const double radius = std::hypot(f[0], f[1]);
    ASSERT_LE(radius, 5);
    const double angle = (radius / 5 * 2 + ClassOf(*sets.train, i) / 2.0) * 2 * std::numbers::pi;
    // FP32 angles up to 16: 1e-6 each, times the radius.
    EXPECT_NEAR(f[0], radius * std::sin(angle), 2e-5);
    EXPECT_NEAR(f[1], radius * std::cos(angle), 2e-5);
  }
}

TEST(Spirals, DependOnTheSeedAloneAndTestSamplesAreOthers) {
  const DataSets sets = OpenText("spirals {}"), again = OpenText("spirals {}"),
                 other = OpenText("spirals { seed: 2 }");
  EXPECT_EQ(sets.train->ContentHash(), again.train->ContentHash());
  EXPECT_NE(sets.train->ContentHash(), other.train->ContentHash());
  EXPECT_NE(ValuesOf(*sets.train, 0), ValuesOf(*sets.test, 0));
  EXPECT_EQ(OpenText("spirals { test: 0 }").test->size(), 0);
}

TEST(Points, AreThoseOfTheConfiguration) {
  const DataSets sets = OpenText(
      "points { point { input: [1, 1] target: -1 } point { input: [0, -1] target: 3 } "
      "point { input: [2, 0.5] target: 2 } } validation_fraction: 0");
  EXPECT_EQ(sets.train->size(), 3);
  EXPECT_EQ(sets.test->size(), 0);
  EXPECT_EQ(sets.test->Fields()[0].shape, (Shape{2}));
  EXPECT_EQ(sets.train->classes(), 0);
  EXPECT_EQ(sets.train->Describe(), "points of the configuration (3 samples)");
  EXPECT_THAT(ValuesOf(*sets.train, 2), ElementsAre(2, 0.5f));
  EXPECT_THAT(ValuesOf(*sets.train, 1, 1), ElementsAre(3));
}

TEST(Curve, IsSampledAtEqualDistancesWithBothEnds) {
  const DataSets sets = OpenText("curve { low: -1 high: 1 samples: 5 function: BUMP }");
  EXPECT_EQ(sets.train->size(), 5);
  EXPECT_EQ(sets.test->size(), 0);
  EXPECT_EQ(sets.train->Describe(), "bump from -1 to 1 (5 samples)");
  for (int64_t i = 0; i < 5; ++i) {
    const float x = -1 + 0.5f * static_cast<float>(i);
    EXPECT_THAT(ValuesOf(*sets.train, i), ElementsAre(x));
    EXPECT_THAT(ValuesOf(*sets.train, i, 1), ElementsAre(static_cast<float>(std::exp(-x * x))));
  }
}

TEST(Curve, FunctionsAreThoseOfTheManual) {
  EXPECT_NEAR(CurveValue(CurveFunction::kSine, 0.5), 1, 1e-15);
  EXPECT_EQ(CurveValue(CurveFunction::kStep, -0.1), 0);
  EXPECT_EQ(CurveValue(CurveFunction::kStep, 0), 1);
  EXPECT_EQ(CurveValue(CurveFunction::kBump, 0), 1);
  EXPECT_NEAR(CurveValue(CurveFunction::kDampedSine, -2.25), -std::exp(-1.125), 1e-15);
}

TEST(Curve, NoiseHasTheDeviationAskedFor) {
  const std::string text = "curve { function: STEP low: 1 high: 2 samples: 10000 noise: 0.5 }";
  const DataSets sets = OpenText(text);
  double squares = 0;
  for (int64_t i = 0; i < 10000; ++i) squares += std::pow(ValuesOf(*sets.train, i, 1)[0] - 1, 2);
  // The deviation of 10,000 normal values has itself the deviation 0.5 / sqrt(20,000) = 0.0035.
  EXPECT_NEAR(std::sqrt(squares / 10000), 0.5, 0.015);
  EXPECT_EQ(sets.train->ContentHash(), OpenText(text).train->ContentHash());
}

}  // namespace
}  // namespace seve
