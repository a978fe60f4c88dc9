#include "forecast/scaling_forecast.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "forecast/plain_training.h"

namespace seve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<int> RanksOf(const std::vector<ForecastPoint>& points) {
  std::vector<int> ranks;
  for (const ForecastPoint& point : points) ranks.push_back(point.step.ranks);
  return ranks;
}

std::vector<ForecastPoint> Weak(int most) {
  return WeakForecast(PlainFabric(), PlainProfile(), PlainOptions(), 8, most);
}

std::vector<ForecastPoint> Strong(int64_t batch, int most,
                                  const StepOptions& options = PlainOptions()) {
  return StrongForecast(PlainFabric(), PlainProfile(), options, batch, most);
}

// 6 s alone; on two ranks 7 s; on four, 3 s for the first bucket, from 2 to 5 s, then 1.5 s: 8.5 s.
TEST(WeakForecast, KeepsTheSamplesOfARank) {
  const auto points = Weak(4);
  EXPECT_THAT(RanksOf(points), ElementsAre(1, 2, 4));
  EXPECT_EQ(points[0].efficiency, 1);
  EXPECT_NEAR(points[1].efficiency, 6 / 7.0, 0.01);
  EXPECT_NEAR(points[2].efficiency, 6 / 8.5, 0.01);
  EXPECT_NEAR(points[2].speedup, 4 * 6 / 8.5, 0.03);
  EXPECT_EQ(points[2].step.batch, 32);
}

// 16 samples: 9 s alone; two ranks have 8 each: 7 s; four have 4: 4.5 s of compute, and of
// backward's 3 s the first bucket's 3 s begin at 1.5, the second one's 1.5 s at 4.5: 3 s exposed.
TEST(StrongForecast, KeepsTheBatch) {
  const auto points = Strong(16, 4);
  EXPECT_THAT(RanksOf(points), ElementsAre(1, 2, 4));
  EXPECT_NEAR(points[0].step.step, 9, 1e-9);
  EXPECT_NEAR(points[1].speedup, 9 / 7.0, 0.01);
  EXPECT_NEAR(points[2].step.step, 7.5, kClose);
  EXPECT_NEAR(points[2].efficiency, 9 / 7.5 / 4, 0.01);
}

TEST(StrongForecast, EndsWhereARankWouldHaveLessThanASample) {
  EXPECT_THAT(RanksOf(Strong(6, 64)), ElementsAre(1, 2, 4));
  StepOptions options = PlainOptions();
  options.micro_batches = 2;
  EXPECT_THAT(RanksOf(Strong(6, 64, options)), ElementsAre(1, 2, 4));
  EXPECT_THAT(RanksOf(Strong(4, 64, options)), ElementsAre(1, 2));
}

TEST(ScalingForecast, EndsWithTheRanksAskedFor) {
  EXPECT_THAT(RanksOf(Weak(1)), ElementsAre(1));
  EXPECT_THAT(RanksOf(Weak(6)), ElementsAre(1, 2, 4, 6));
  EXPECT_EQ(WeakForecast(PlainFabric(), PlainProfile(), PlainOptions(), 8).back().step.ranks, 64);
  EXPECT_EQ(Weak(1024).size(), 11u);
}

TEST(ScalingForecast, IsRefusedForWhatCannotBe) {
  EXPECT_THAT(MessageOf(ExitCode::kUsage, [] { (void)Weak(0); }), HasSubstr("up to 0 ranks"));
  EXPECT_THAT(MessageOf(ExitCode::kUsage, [] { (void)Weak(1025); }), HasSubstr("1 to 1024"));
  EXPECT_THAT(MessageOf(ExitCode::kUsage, [] { (void)Strong(0, 4); }), HasSubstr("batch of 0"));
}

}  // namespace
}  // namespace seve
