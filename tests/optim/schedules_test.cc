// Schedules against numbers worked out by hand.
#include "optim/schedules.h"

#include <gtest/gtest.h>

#include <cmath>

namespace seve {
namespace {

TEST(Schedules, ConstantStaysOne) {
  EXPECT_EQ(ConstantFactor()->Factor(0, 10), 1);
  EXPECT_EQ(ConstantFactor()->Factor(9.9, 10), 1);
}

TEST(Schedules, StepChangesAtTheStartOfEveryNthEpoch) {
  const auto schedule = StepFactor(3, 0.5);
  EXPECT_EQ(schedule->Factor(0, 10), 1);
  EXPECT_EQ(schedule->Factor(2.99, 10), 1);
  EXPECT_EQ(schedule->Factor(3, 10), 0.5);
  EXPECT_EQ(schedule->Factor(5.99, 10), 0.5);
  EXPECT_EQ(schedule->Factor(9, 10), 0.125);
}

TEST(Schedules, MultiStepChangesAtEachEpochGiven) {
  const auto schedule = MultiStepFactor({2, 4.5}, 0.1);
  EXPECT_EQ(schedule->Factor(1.99, 10), 1);
  EXPECT_DOUBLE_EQ(schedule->Factor(2, 10), 0.1);
  EXPECT_DOUBLE_EQ(schedule->Factor(4.49, 10), 0.1);
  EXPECT_DOUBLE_EQ(schedule->Factor(4.5, 10), 0.01);
}

TEST(Schedules, ExponentialChangesOnceAnEpoch) {
  const auto schedule = ExponentialFactor(0.5);
  EXPECT_EQ(schedule->Factor(0.99, 10), 1);
  EXPECT_EQ(schedule->Factor(1, 10), 0.5);
  EXPECT_EQ(schedule->Factor(3.7, 10), 0.125);
}

TEST(Schedules, BoundariesSurviveTheRoundingOfSteps) {
  // 0.1 added thirty times is just below 3.
  double epoch = 0;
  for (int i = 0; i < 30; ++i) epoch += 0.1;
  EXPECT_EQ(StepFactor(3, 0.5)->Factor(3 - 1e-12, 10), 0.5);
  EXPECT_EQ(ExponentialFactor(0.5)->Factor(3 - 1e-12, 10), 0.125);
  EXPECT_EQ(MultiStepFactor({3}, 0.5)->Factor(3 - 1e-12, 10), 0.5);
  EXPECT_EQ(StepFactor(3, 0.5)->Factor(epoch, 10), 0.5);
}

TEST(Schedules, CosineGoesFromOneToItsEnd) {
  const auto schedule = CosineFactor(0.2, 0);
  EXPECT_DOUBLE_EQ(schedule->Factor(0, 8), 1);
  EXPECT_NEAR(schedule->Factor(2, 8), 0.2 + 0.8 * 0.8535533905932737,
              1e-15);  // (1 + cos(pi/4)) / 2
  EXPECT_NEAR(schedule->Factor(4, 8), 0.6, 1e-15);
  EXPECT_NEAR(schedule->Factor(8, 8), 0.2, 1e-15);
  EXPECT_NEAR(schedule->Factor(9, 8), 0.2, 1e-15);
}

TEST(Schedules, PolynomialGoesFromOneToItsEnd) {
  const auto linear = PolynomialFactor(1, 0, 0);
  EXPECT_DOUBLE_EQ(linear->Factor(2.5, 10), 0.75);
  EXPECT_DOUBLE_EQ(linear->Factor(10, 10), 0);
  const auto square = PolynomialFactor(2, 0.5, 0);
  EXPECT_DOUBLE_EQ(square->Factor(5, 10), 0.625);
}

TEST(Schedules, WarmUpRisesLinearlyAndLeavesTheRestToTheCurve) {
  const auto schedule = WarmUp(2, 0.1, CosineFactor(0, 2));
  EXPECT_DOUBLE_EQ(schedule->Factor(0, 10), 0.1);
  EXPECT_DOUBLE_EQ(schedule->Factor(1, 10), 0.55);
  EXPECT_DOUBLE_EQ(schedule->Factor(2, 10), 1);
  EXPECT_NEAR(schedule->Factor(6, 10), 0.5, 1e-15);
  EXPECT_NEAR(schedule->Factor(10, 10), 0, 1e-15);
}

TEST(Schedules, WarmUpAsLongAsTheRunOnlyRises) {
  const auto schedule = WarmUp(5, 0, PolynomialFactor(1, 0, 5));
  EXPECT_DOUBLE_EQ(schedule->Factor(4, 4), 0.8);
  EXPECT_DOUBLE_EQ(schedule->Factor(5, 5), 1);
}

TEST(Schedules, WarmUpKeepsTheEpochsThatAScheduleNames) {
  const auto schedule = WarmUp(5, 0, MultiStepFactor({30}, 0.1));
  EXPECT_DOUBLE_EQ(schedule->Factor(2.5, 90), 0.5);
  EXPECT_DOUBLE_EQ(schedule->Factor(29, 90), 1);
  EXPECT_DOUBLE_EQ(schedule->Factor(30, 90), 0.1);
}

TEST(Schedules, DescribeThemselves) {
  EXPECT_EQ(ConstantFactor()->Describe(), "constant");
  EXPECT_EQ(WarmUp(5, 0, CosineFactor(0, 5))->Describe(), "cosine to 0, warm-up over 5 epochs");
  EXPECT_EQ(MultiStepFactor({30, 60.5}, 0.1)->Describe(), "times 0.1 at epochs 30, 60.5");
}

}  // namespace
}  // namespace seve
