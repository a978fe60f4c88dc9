// Running statistics in steps of a GPU.
#include <gtest/gtest.h>

#include "model/cuda_problem_cuda_testing.h"

namespace seve::testing {
namespace {

constexpr const char* kLayers =
    "layer { linear { units: 8 } }\n"
    "layer { name: \"norm\" batch_norm { activation: RELU } }\n"
    "layer { linear { units: 3 } }";

// Sums in another order, over ten updates; normalisation makes more of a difference.
constexpr double kFp32Rounding = 5e-5;

void ExpectNear(const std::vector<float>& actual, const std::vector<float>& expected,
                double tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], tolerance) << "parameter " << i;
  }
}

TEST(CudaBatchNorm, TrainsAsTheCpuDoes) {
  for (const char* settings : {"", "parameters { match: \"norm.running_*\" frozen: true }",
                               "parameters { match: \"linear_1.*\" frozen: true }\n"
                               "parameters { match: \"norm.weight\" frozen: true }\n"
                               "parameters { match: \"norm.bias\" frozen: true }"}) {
    SCOPED_TRACE(settings);
    const CudaProblem problem(settings, kLayers);
    for (const int64_t micro_batches : {1, 4}) {
      Training training{.cuda = false, .micro_batches = micro_batches, .clip_norm = 0.5f};
      const auto cpu = problem.Train(training);
      training.cuda = true;
      ExpectNear(problem.Train(training).parameters, cpu.parameters, kFp32Rounding);
    }
  }
}

TEST(CudaBatchNorm, StatisticsKnowNoLossScaleAndNoNarrowCopies) {
  const CudaProblem problem("", kLayers);
  const auto fp32 = problem.Train({.steps = 1});
  const size_t first = problem.layout.learned_floats;
  for (const auto precision : {Precision::kFp16, Precision::kBf16}) {
    Training training{.steps = 1};
    training.options.precision = precision;
    const auto narrow = problem.Train(training);
    // A tenth of statistics whose values are rounded to 8 bits at the least.
    for (size_t i = first; i < fp32.parameters.size(); ++i) {
      EXPECT_NEAR(narrow.parameters[i], fp32.parameters[i], 5e-3);
    }
  }
}

TEST(CudaBatchNorm, SynchronisedTrainsAsOneRankWithAllSamples) {
  const CudaProblem problem("", kLayers);
  const auto alone = problem.Train({.cuda = false});
  for (const int world : {2, 4}) {
    if (world > GpusHere()) continue;
    for (const int busy : {0, 1}) {
      Training training{.world = world, .sync_batch_norm = true, .busy = busy};
      ExpectNear(problem.Train(training).parameters, alone.parameters, kFp32Rounding);
      training.options.eager = true;
      ExpectNear(problem.Train(training).parameters, alone.parameters, kFp32Rounding);
    }
  }
}

TEST(CudaBatchNorm, ReproducibleGivesTheSameBitsOnAnyNumberOfRanks) {
  const CudaProblem problem("", kLayers);
  Training training{.micro_batches = 4, .reproducible = true};
  const auto alone = problem.Train(training);
  for (const int world : {2, 4}) {
    if (world > GpusHere()) continue;
    training.world = world;
    EXPECT_EQ(problem.Train(training).parameters, alone.parameters) << world;
  }
}

}  // namespace
}  // namespace seve::testing
