// The forecast beside a training over two hosts that were linked slowly (benchmarks/two_hosts,
// benchmarks/results/2026-11-28-speed.md).
#include <gtest/gtest.h>

#include "forecast/step_time.h"

namespace seve {
namespace {

// The perceptron 784-2000-1250-600-200-10 with 64 samples a rank: times of one rank, and slices of
// its layers, ready in proportion to the products of their backward passes.
StepProfile Perceptron() {
  return {.steps = {{.samples = 64,
                     .feed = 0.00005,
                     .forward = 0.0075,
                     .backward = 0.0135,
                     .optimizer = 0.0025}},
          .slices = {{.bytes = 8040, .ready = 0.0005},
                     {.bytes = 480800, .ready = 0.03},
                     {.bytes = 3002400, .ready = 0.21},
                     {.bytes = 10005000, .ready = 0.81},
                     {.bytes = 6280000, .ready = 1}}};
}

// `link`: what TCP carried both ways at once in the same minutes, in bytes a second.
double Forecast(double link) {
  const Fabric hosts = {.summed_by = SummedBy::kMpiHosts, .network_gbs = link * 1e-9 / 0.94};
  return ForecastStep(hosts, Perceptron(), {}, 2, 128).step;
}

TEST(TwoHosts, AreForecastWithinFifteenPercentOfTheMeasuredStep) {
  EXPECT_NEAR(Forecast(105.3e6), 0.2124, 0.15 * 0.2124);  // 1 Gbit/s
  EXPECT_NEAR(Forecast(11.7e6), 1.9759, 0.15 * 1.9759);   // 100 Mbit/s
}

}  // namespace
}  // namespace seve
