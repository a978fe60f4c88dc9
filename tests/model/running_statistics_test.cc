// Running statistics on their way through layout and step.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/expect_error.h"
#include "comm/threads/run_threads.h"
#include "layers/cpu/gemm.h"
#include "model/cpu_executor.h"
#include "model/small_data.h"
#include "optim/registry.h"

namespace seve {
namespace {

using testing::HasSubstr;

constexpr int64_t kBatch = 12;
constexpr const char* kLayers =
    "layer { name: \"norm\" batch_norm {} }\n"
    "layer { name: \"scores\" linear { units: 3 } }";

struct Problem {
  explicit Problem(const std::string& more = "")
      : data(120, 6, 3),
        sampler(data.size(), 0, 1),
        configuration(SmallConfiguration(kLayers, more)),
        graph(BuildGraph(configuration, data.Fields(), data.classes())),
        layout(LayOutParameters(graph, configuration, 0.5f)),
        optimizer(MakeOptimizer(configuration.proto.optimizer())) {}

  // What a parameter is after a step whose micro-batches, of all ranks, have so many samples. Those
  // of ranks follow each other.
  std::vector<float> AfterStep(const std::string& name, int world,
                               const std::vector<int64_t>& micro_batches,
                               float clip_norm = 0) const {
    std::vector<float> values;
    RunThreads(world, [&](Communicator& communicator) {
      UseComputeThreads(1);
      ParameterArena parameters(layout);
      parameters.Initialize(9);
      const size_t local = micro_batches.size() / static_cast<size_t>(world);
      const size_t first = static_cast<size_t>(communicator.rank()) * local;
      std::vector<Slice> slices;
      int64_t position = 0;
      for (size_t i = 0; i < micro_batches.size(); position += micro_batches[i++]) {
        if (i < first || i >= first + local) continue;
        slices.push_back({.epoch = 0, .position = position, .count = micro_batches[i]});
      }
      CpuExecutor executor(graph, layout, parameters, *optimizer, communicator,
                           {.seed = 1,
                            .row_counts = micro_batches,
                            .micro_batches = static_cast<int64_t>(local),
                            .clip_norm = clip_norm});
      Loader loader(
          data, sampler, [&](int64_t i) { return slices[static_cast<size_t>(i)]; }, 0, 0);
      executor.Step(loader, slices, {.step = 1, .learning_rate = 0.1f});
      if (communicator.rank() > 0) return;
      for (const auto& parameter : layout.parameters) {
        if (parameter.name != name) continue;
        const auto own = parameters.At(parameter).Flat<float>();
        values.assign(own.begin(), own.end());
      }
    });
    return values;
  }

  // Of the batch's samples from `first` on: mean, or variance divided by n - 1, of the first
  // feature.
  double Moment(int64_t first, int64_t count, bool variance) const {
    std::vector<int64_t> indices;
    for (int64_t i = first; i < first + count; ++i) indices.push_back(sampler.Train(0, i));
    std::vector<float> inputs(static_cast<size_t>(6 * count));
    std::vector<int32_t> targets(static_cast<size_t>(count));
    data.Gather(indices, {{inputs.data(), DType::kFloat32, {count, 6}},
                          {targets.data(), DType::kInt32, {count}}});
    double sum = 0, squares = 0;
    for (size_t i = 0; i < inputs.size(); i += 6) sum += inputs[i];
    const double mean = sum / static_cast<double>(count);
    for (size_t i = 0; i < inputs.size(); i += 6) squares += std::pow(inputs[i] - mean, 2);
    return variance ? squares / static_cast<double>(count - 1) : mean;
  }

  SmallData data;
  Sampler sampler;
  Configuration configuration;
  Graph graph;
  ParameterLayout layout;
  std::unique_ptr<Optimizer> optimizer;
};

const Parameter& Find(const ParameterLayout& layout, const std::string& name) {
  for (const auto& parameter : layout.parameters) {
    if (parameter.name == name) return parameter;
  }
  throw std::runtime_error("no parameter " + name);
}

TEST(RunningStatistics, LieBehindWhatTheOptimizerUpdatesAndAreNoParameters) {
  const Problem problem("parameters { match: \"*\" learning_rate_scale: 2 weight_decay: 0.1 }");
  const ParameterLayout& layout = problem.layout;
  std::vector<std::string> names;
  for (const auto& parameter : layout.parameters) names.push_back(parameter.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"scores.weight", "scores.bias", "norm.weight", "norm.bias",
                                      "norm.running_mean", "norm.running_var"}));
  EXPECT_EQ(layout.Count(), 6 * 3 + 3 + 2 * 6);
  EXPECT_EQ(layout.TrainableCount(), layout.Count());
  EXPECT_EQ(layout.StatisticCount(), 2 * 6);
  ASSERT_EQ(layout.slices.size(), 2u);
  EXPECT_EQ(layout.slices[0].end, layout.learned_floats);
  EXPECT_EQ(layout.slices[0].weight_decay, 0.1f);
  EXPECT_EQ(layout.slices[1].role, ParameterRole::kStatistic);
  EXPECT_EQ(layout.slices[1].momentum, 0.1f);
  EXPECT_EQ(layout.slices[1].end, layout.trainable_floats);
  EXPECT_EQ(CutBuckets(layout).back().end, layout.trainable_floats);
}

TEST(RunningStatistics, CanOnlyBeFrozen) {
  const Problem frozen("parameters { match: \"norm.running_*\" frozen: true }");
  EXPECT_TRUE(Find(frozen.layout, "norm.running_var").frozen);
  EXPECT_EQ(frozen.layout.TrainableCount(), frozen.layout.Count());
  const auto error = [](const std::string& more) {
    return MessageOf(ExitCode::kUsage, [&] { const Problem problem(more); });
  };
  EXPECT_THAT(error("parameters { match: \"*.running_var\" weight_decay: 0 }"),
              HasSubstr("matches running statistics alone"));
  EXPECT_THAT(error("penalty { match: \"*.running_var\" l2: 1 }"),
              HasSubstr("frozen parameters alone or running statistics"));
  EXPECT_THAT(error("parameters { match: \"*.weight\" frozen: true }\n"
                    "parameters { match: \"*.bias\" frozen: true }"),
              HasSubstr("no trainable parameter"));
}

// FP32 rounding of sums of values of order 1.
constexpr double kRounding = 1e-6;

TEST(RunningStatistics, FollowTheMeanOverTheMicroBatchesOfAStep) {
  const Problem problem;
  const double mean = problem.Moment(0, kBatch, false);
  const double variance = (problem.Moment(0, 6, true) + problem.Moment(6, 6, true)) / 2;
  for (const int world : {1, 2}) {
    EXPECT_NEAR(problem.AfterStep("norm.running_mean", world, {6, 6})[0], 0.1 * mean, kRounding);
    EXPECT_NEAR(problem.AfterStep("norm.running_var", world, {6, 6})[0], 0.9 + 0.1 * variance,
                kRounding);
  }
}

TEST(RunningStatistics, WeighMicroBatchesByTheirSamples) {
  const Problem problem;
  const double variance = (5 * problem.Moment(0, 5, true) + 3 * problem.Moment(5, 3, true)) / 8;
  for (const int world : {1, 2, 4}) {
    EXPECT_NEAR(problem.AfterStep("norm.running_var", world, {5, 3, 0, 0})[0], 0.9 + 0.1 * variance,
                kRounding)
        << world;
  }
}

TEST(RunningStatistics, AreNeitherClippedNorCountedInTheNorm) {
  const Problem problem;
  EXPECT_EQ(problem.AfterStep("norm.running_var", 1, {kBatch}, 1e-3f),
            problem.AfterStep("norm.running_var", 1, {kBatch}));
  // With a norm that none of the learned gradients' reaches, nothing is clipped.
  EXPECT_EQ(problem.AfterStep("scores.weight", 1, {kBatch}, 2.0f),
            problem.AfterStep("scores.weight", 1, {kBatch}));
}

TEST(RunningStatistics, FrozenOnesStayAndAreUsed) {
  const Problem problem("parameters { match: \"norm.running_*\" frozen: true }");
  EXPECT_EQ(problem.AfterStep("norm.running_mean", 1, {kBatch})[0], 0);
  EXPECT_EQ(problem.AfterStep("norm.running_var", 1, {kBatch})[0], 1);
  EXPECT_NE(problem.AfterStep("scores.weight", 1, {kBatch}),
            Problem().AfterStep("scores.weight", 1, {kBatch}));
}

TEST(RunningStatistics, AreGatheredInLayersThatLearnNothing) {
  const Problem problem(
      "parameters { match: \"norm.weight\" frozen: true }\n"
      "parameters { match: \"norm.bias\" frozen: true }");
  EXPECT_EQ(problem.AfterStep("norm.running_var", 1, {kBatch}),
            Problem().AfterStep("norm.running_var", 1, {kBatch}));
}

}  // namespace
}  // namespace seve
