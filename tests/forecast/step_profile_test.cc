#include "forecast/step_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "forecast/line_fit.h"

namespace seve {
namespace {

using testing::HasSubstr;

StepProfile TwoBatches() {
  return {
      .steps =
          {{.samples = 10, .feed = 0.001, .forward = 0.02, .backward = 0.03, .optimizer = 0.002},
           {.samples = 30, .feed = 0.003, .forward = 0.04, .backward = 0.07, .optimizer = 0.004}},
      .slices = {{.bytes = 100, .ready = 0.5}, {.bytes = 300, .ready = 1}}};
}

TEST(LineFit, IsByLeastSquares) {
  const LinePoint points[] = {{1, 3}, {2, 5}, {3, 8}};  // slope 2.5, through (2, 16/3)
  const LineFit line = FitLine(points);
  EXPECT_NEAR(line.slope, 2.5, 1e-12);
  EXPECT_NEAR(line.fixed, 16.0 / 3 - 5, 1e-12);
  EXPECT_NEAR(line.At(4), 16.0 / 3 + 5, 1e-12);
}

TEST(LineFit, HasNoNegativeTimes) {
  const LinePoint steep[] = {{1, 1}, {2, 3}};  // would start at -1: through the origin instead
  EXPECT_EQ(FitLine(steep).fixed, 0);
  EXPECT_NEAR(FitLine(steep).slope, 7.0 / 5, 1e-12);
  const LinePoint falling[] = {{1, 3}, {2, 1}};
  EXPECT_EQ(FitLine(falling).slope, 0);
  EXPECT_NEAR(FitLine(falling).fixed, 2, 1e-12);
}

TEST(LineFit, OfOnePlaceGoesThroughTheOrigin) {
  const LinePoint points[] = {{4, 2}, {4, 4}};
  EXPECT_EQ(FitLine(points).fixed, 0);
  EXPECT_NEAR(FitLine(points).slope, 0.75, 1e-12);
}

TEST(StepProfile, TellsTimesOfOtherBatchSizes) {
  const ComputeTime time = ComputeTimeOf(TwoBatches(), 20);
  EXPECT_NEAR(time.feed, 0.002, 1e-12);
  EXPECT_NEAR(time.forward, 0.03, 1e-12);
  EXPECT_NEAR(time.backward, 0.05, 1e-12);
  EXPECT_NEAR(ComputeTimeOf(TwoBatches(), 0).forward, 0.01, 1e-12);
  EXPECT_NEAR(OptimizerTimeOf(TwoBatches()), 0.003, 1e-12);
  EXPECT_EQ(TwoBatches().Bytes(), 400);
}

TEST(StepProfile, SaysWhenTimesAreInProportion) {
  StepProfile profile = TwoBatches();
  EXPECT_FALSE(IsProportional(profile));
  profile.steps.pop_back();
  EXPECT_TRUE(IsProportional(profile));
  EXPECT_NEAR(ComputeTimeOf(profile, 5).backward, 0.015, 1e-12);
}

std::string RefusalOf(const StepProfile& profile) {
  return MessageOf(ExitCode::kUsage, [&] { ValidateProfile(profile); });
}

TEST(StepProfile, IsRefusedWithWhatCannotBe) {
  EXPECT_NO_THROW(ValidateProfile(TwoBatches()));
  StepProfile profile = TwoBatches();
  profile.steps.clear();
  EXPECT_THAT(RefusalOf(profile), HasSubstr("no step was measured"));
  profile = TwoBatches();
  profile.slices.clear();
  EXPECT_THAT(RefusalOf(profile), HasSubstr("has no gradients"));
  profile = TwoBatches();
  profile.steps[0].samples = 0;
  EXPECT_THAT(RefusalOf(profile), HasSubstr("has 0 samples"));
  profile = TwoBatches();
  profile.steps[1].backward = -1;
  EXPECT_THAT(RefusalOf(profile), HasSubstr("step of 30 samples took -1 s"));
  profile = TwoBatches();
  profile.steps[1].backward = profile.steps[1].forward = 0;
  EXPECT_THAT(RefusalOf(profile), HasSubstr("neither forward nor backward"));
  profile = TwoBatches();
  profile.slices[1].ready = 0.4;
  EXPECT_THAT(RefusalOf(profile), HasSubstr("after 0.4 of the backward pass"));
  profile.slices[1].ready = 1.1;
  EXPECT_THAT(RefusalOf(profile), HasSubstr("1.1"));
  profile = TwoBatches();
  profile.slices[0].bytes = 0;
  EXPECT_THAT(RefusalOf(profile), HasSubstr("has 0 bytes"));
}

}  // namespace
}  // namespace seve
