#include "forecast/step_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "forecast/plain_training.h"
#include "forecast/published_machines.h"

namespace seve {
namespace {

using testing::HasSubstr;

StepForecast Plain(int ranks, int64_t batch, const StepOptions& options = PlainOptions()) {
  return ForecastStep(PlainFabric(), PlainProfile(), options, ranks, batch);
}

TEST(StepForecast, OfOneRankIsItsMeasuredStep) {
  const StepForecast forecast = Plain(1, 8);
  EXPECT_NEAR(forecast.step, 6, 1e-9);
  EXPECT_EQ(forecast.communication, 0);
  EXPECT_NEAR(forecast.samples_per_second, 8 / 6.0, 1e-9);
  EXPECT_EQ(forecast.limit, StepLimit::kCompute);
  EXPECT_FALSE(forecast.proportional);
}

// Backward ends after 4 s. The first bucket travels from 2 to 4 s, the second one from 4 to 5 s.
TEST(StepForecast, HidesWhatTravelsDuringBackward) {
  const StepForecast forecast = Plain(2, 16);
  EXPECT_NEAR(forecast.exposed_communication, 1, kClose);
  EXPECT_NEAR(forecast.communication, 3, kClose);
  EXPECT_NEAR(forecast.step, 7, kClose);
  EXPECT_EQ(forecast.limit, StepLimit::kCommunication);
}

TEST(StepForecast, HalvesBytesOnTheWireWithBf16) {
  StepOptions options = PlainOptions();
  options.wire = WireType::kBf16;
  EXPECT_NEAR(Plain(2, 16, options).exposed_communication, 0.5, kClose);
}

// Two passes of 4 samples: 2 * (1.5 + 3) s; the last pass, 3 s of backward, hides 1.5 of 2 s.
TEST(StepForecast, CommunicatesOnceForAllMicroBatches) {
  StepOptions options = PlainOptions();
  options.micro_batches = 2;
  const StepForecast forecast = Plain(2, 16, options);
  EXPECT_NEAR(forecast.compute, 9, kClose);
  EXPECT_NEAR(forecast.exposed_communication, 1.5, kClose);
}

// 2 GB take 1 s instead of 2, 1 GB half a second after backward; then parameters are gathered, 1.5
// s.
TEST(StepForecast, OfShardedOptimizersGathersParametersAfterTheUpdate) {
  StepOptions options = PlainOptions();
  options.zero_1 = true;
  StepProfile profile = PlainProfile();
  for (MeasuredStep& step : profile.steps) step.optimizer = 1;
  const StepForecast forecast = ForecastStep(PlainFabric(), profile, options, 2, 16);
  EXPECT_NEAR(forecast.optimizer, 0.5, kClose);
  EXPECT_NEAR(forecast.exposed_communication, 0.5 + 1.5, kClose);
}

TEST(StepForecast, IsThatOfTheFullestRank) {
  const StepForecast forecast = Plain(2, 15);
  EXPECT_NEAR(forecast.compute, 6, 1e-9);
  EXPECT_NEAR(forecast.samples_per_second, 15 / forecast.step, 1e-9);
}

// As HidesWhatTravelsDuringBackward.
TEST(StepForecast, HidesMessagesBetweenHostsOfCpus) {
  const StepForecast forecast = ForecastStep(PlainHosts(), PlainProfile(), PlainOptions(), 2, 16);
  EXPECT_NEAR(forecast.exposed_communication, 1, 1e-9);
  EXPECT_NEAR(forecast.step, 7, 1e-9);
  EXPECT_EQ(forecast.contention, 0);
}

// 3 GB of each of 2 ranks, read and written at 6 GB/s by each: 1 s that nothing hides.
TEST(StepForecast, CountsWhatCpusSumWithinAHostAsTheirOwnWork) {
  const Fabric host = {.summed_by = SummedBy::kMpiHosts, .ranks_per_node = 2, .memory_gbs = 12};
  const StepForecast forecast = ForecastStep(host, PlainProfile(), PlainOptions(), 2, 16);
  EXPECT_NEAR(forecast.contention, 1, 1e-9);
  EXPECT_EQ(forecast.exposed_communication, 0);
  EXPECT_NEAR(forecast.step, 7, 1e-9);
}

TEST(StepForecast, WaitsForTheSlowestRank) {
  StepOptions options = PlainOptions();
  options.jitter = 0.1;
  EXPECT_NEAR(Plain(4, 32, options).jitter, 0.1 * 1.03 * 6, 0.1 * 0.03 * 6);
  EXPECT_EQ(Plain(1, 8, options).jitter, 0);
}

// 24 thread blocks on 108 SMs while the first bucket travels.
TEST(StepForecast, LengthensBackwardByTheSmsOfNccl) {
  const StepProfile profile = PlainProfile();
  const StepForecast forecast = ForecastStep(DgxA100(), profile, PlainOptions(), 8, 64);
  EXPECT_NEAR(forecast.contention, 24.0 / 108 * (56e-6 + 2 * 1.75 / 240), 1e-6);
}

StepLimit LimitWith(MeasuredStep step, const StepOptions& options, double bytes,
                    double latency = 0) {
  Fabric fabric = PlainFabric();
  fabric.extra_latency = latency;
  return ForecastStep(fabric, {.steps = {step}, .slices = {{bytes, 1}}}, options, 2, 16).limit;
}

TEST(StepForecast, NamesWhatLimitsIt) {
  const MeasuredStep step = {.samples = 8, .forward = 1, .backward = 1};
  const StepOptions equal = PlainOptions();
  StepOptions uneven = equal;
  uneven.jitter = 0.5;
  EXPECT_EQ(LimitWith(step, equal, 1e6), StepLimit::kCompute);
  EXPECT_EQ(LimitWith(step, equal, 1e9), StepLimit::kCommunication);
  EXPECT_EQ(LimitWith(step, equal, 1e6, 1), StepLimit::kLatency);
  EXPECT_EQ(LimitWith(step, uneven, 1e6), StepLimit::kJitter);
  EXPECT_EQ(LimitWith({8, 1, 1, 1, 0}, equal, 1e6), StepLimit::kFeed);
  EXPECT_EQ(LimitWith({8, 0, 1, 1, 1}, equal, 1e6), StepLimit::kOptimizer);
  EXPECT_EQ(NameOf(StepLimit::kJitter), "waiting for the slowest rank");
}

TEST(StepForecast, SumsItsTerms) {
  const StepForecast forecast =
      ForecastStep(DgxA100(), ResNet50(204, 0.067), StepOptions{}, 64, 64 * 204);
  EXPECT_NEAR(forecast.step,
              forecast.feed + forecast.compute + forecast.contention +
                  forecast.exposed_communication + forecast.jitter + forecast.optimizer,
              1e-12);
  EXPECT_TRUE(forecast.proportional);
}

TEST(StepForecast, IsRefusedForWhatCannotBe) {
  const auto refusal = [](int ranks, int64_t batch, const StepOptions& options) {
    return MessageOf(ExitCode::kUsage, [&] { (void)Plain(ranks, batch, options); });
  };
  EXPECT_THAT(refusal(0, 8, PlainOptions()), HasSubstr("0 ranks"));
  EXPECT_THAT(refusal(8, 7, PlainOptions()), HasSubstr("leaves some of 8 ranks none"));
  EXPECT_THAT(refusal(2, 8, {.micro_batches = 5}), HasSubstr("5 micro-batches"));
  EXPECT_THAT(refusal(2, 8, {.micro_batches = 0}), HasSubstr("0 micro-batches"));
  EXPECT_THAT(refusal(2, 8, {.jitter = -0.1}), HasSubstr("jitter"));
  EXPECT_THAT(MessageOf(ExitCode::kUsage,
                        [] { (void)ForecastStep(PlainFabric(), {}, PlainOptions(), 2, 16); }),
              HasSubstr("no step was measured"));
}

}  // namespace
}  // namespace seve
