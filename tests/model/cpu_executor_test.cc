#include "model/cpu_executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "comm/threads/run_threads.h"
#include "layers/cpu/gemm.h"
#include "model/cpu_pass.h"
#include "model/evaluator.h"
#include "model/small_data.h"
#include "optim/registry.h"

namespace seve {
namespace {

constexpr const char* kLayers =
    "layer { linear { units: 8 activation: RELU } }\nlayer { linear { units: 3 } }";

// What every rank shares, and the slices of a batch of 12 over `world` ranks.
struct Problem {
  explicit Problem(const std::string& more = "")
      : data(120, 6, 3),
        sampler(data.size(), 0, 1),
        configuration(SmallConfiguration(kLayers, more)),
        graph(BuildGraph(configuration, data.Fields(), data.classes())),
        layout(LayOutParameters(graph, configuration, 0)),
        optimizer(MakeOptimizer(configuration.proto.optimizer())) {}

  static Slice Request(int64_t step, int world, int rank) {
    const int64_t rows = 12 / world;
    return {.epoch = 0, .position = step * 12 + rank * rows, .count = rows};
  }

  // Trains `steps` steps and returns rank 0's parameters; `poison` may change them on each rank
  // first.
  std::vector<float> Train(int world, int64_t steps, float clip_norm = 0,
                           const std::function<void(int, ParameterArena&)>& poison = {},
                           bool shards = false) const {
    std::vector<float> trained;
    RunThreads(world, [&](Communicator& communicator) {
      UseComputeThreads(1);
      const int rank = communicator.rank();
      ParameterArena parameters(layout);
      parameters.Initialize(9);
      if (poison) poison(rank, parameters);
      CpuExecutor executor(graph, layout, parameters, *optimizer, communicator,
                           {.seed = 1,
                            .row_counts = {12 / communicator.size()},
                            .clip_norm = clip_norm,
                            .shards_optimizer = shards});
      Loader loader(
          data, sampler, [&](int64_t i) { return Request(i, world, rank); }, 0, 0);
      for (int64_t step = 0; step < steps; ++step) {
        const Slice slice = Request(step, world, rank);
        const auto outcome =
            executor.Step(loader, {&slice, 1}, {.step = step + 1, .learning_rate = 0.1f});
        EXPECT_EQ(outcome->step, step + 1);
        EXPECT_EQ(outcome->sums.weight, 12);
      }
      if (rank == 0) trained.assign(parameters.trainable().begin(), parameters.trainable().end());
    });
    return trained;
  }

  SmallData data;
  Sampler sampler;
  Configuration configuration;
  Graph graph;
  ParameterLayout layout;
  std::unique_ptr<Optimizer> optimizer;
};

TEST(CpuExecutor, TheSameGlobalBatchTrainsAlikeOnAnyNumberOfRanks) {
  const Problem problem;
  const auto alone = problem.Train(1, 10);
  for (const int world : {2, 3, 4}) {
    const auto shared = problem.Train(world, 10);
    ASSERT_EQ(shared.size(), alone.size());
    for (size_t i = 0; i < alone.size(); ++i) {
      // Ten updates whose gradients are the same sums in another order: FP32 rounding of values of
      // order 1.
      EXPECT_NEAR(shared[i], alone[i], 1e-5) << "world " << world;
    }
  }
}

TEST(CpuExecutor, ClippingBoundsTheUpdate) {
  const Problem problem;
  const auto start = problem.Train(1, 0);
  constexpr float kClip = 0.01f;
  const auto clipped = problem.Train(1, 1, kClip);
  double squares = 0;
  for (size_t i = 0; i < start.size(); ++i) squares += std::pow(start[i] - clipped[i], 2);
  EXPECT_NEAR(std::sqrt(squares), 0.1 * kClip, 1e-6);  // learning rate times the clipped norm
}

TEST(CpuExecutor, PenaltiesMoveParametersAlongTheirGradient) {
  const Problem plain, penalised("penalty { l1: 0.01 l2: 0.1 }");
  const auto start = plain.Train(1, 0);
  const auto without = plain.Train(1, 1), with = penalised.Train(1, 1);
  for (size_t i = 0; i < start.size(); ++i) {
    const float sign = start[i] > 0 ? 1.0f : start[i] < 0 ? -1.0f : 0.0f;
    // Learning rate 0.1; FP32 rounding of values of order 1.
    EXPECT_NEAR(with[i], without[i] - 0.1f * (0.01f * sign + 0.1f * start[i]), 1e-6);
  }
}

TEST(CpuExecutor, ClippingComesAfterPenalties) {
  const Problem problem("penalty { l2: 1000 }");
  const auto start = problem.Train(1, 0), clipped = problem.Train(1, 1, 0.01f);
  double squares = 0;
  for (size_t i = 0; i < start.size(); ++i) squares += std::pow(start[i] - clipped[i], 2);
  EXPECT_NEAR(std::sqrt(squares), 0.1 * 0.01, 1e-6);
}

TEST(CpuExecutor, SharesOfAnOptimizerGiveTheBitsOfAWholeOne) {
  for (const char* optimizer : {"sgd { learning_rate: 0.1 momentum: 0.9 }",
                                "adam { learning_rate: 0.1 }", "rmsprop { learning_rate: 0.1 }"}) {
    const Problem problem("optimizer { " + std::string(optimizer) + " }\npenalty { l2: 0.01 }");
    for (const int world : {1, 2, 3, 4}) {
      EXPECT_EQ(problem.Train(world, 10, 0, {}, true), problem.Train(world, 10))
          << optimizer << ", " << world << " ranks";
    }
  }
}

TEST(CpuExecutor, SharesClipByTheNormOfAllGradients) {
  const Problem problem;
  constexpr float kClip = 0.01f;
  const auto start = problem.Train(2, 0), clipped = problem.Train(2, 1, kClip, {}, true);
  double squares = 0;
  for (size_t i = 0; i < start.size(); ++i) squares += std::pow(start[i] - clipped[i], 2);
  EXPECT_NEAR(std::sqrt(squares), 0.1 * kClip, 1e-6);
}

TEST(CpuExecutor, ANonFiniteLossOnOneRankEndsEveryRankBeforeTheUpdate) {
  const Problem problem;
  try {
    problem.Train(2, 1, 0, [](int rank, ParameterArena& parameters) {
      if (rank == 1) parameters.trainable()[0] = std::numeric_limits<float>::quiet_NaN();
    });
    FAIL() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kNumerical);
    EXPECT_THAT(error.what(), testing::HasSubstr("step 1"));
    EXPECT_THAT(error.what(), testing::HasSubstr("'linear_2'"));
  }
}

TEST(Evaluator, LossesIncludePenaltiesInTrainingAsInEvaluation) {
  const Problem plain, penalised("penalty { l1: 0.25 l2: 0.5 }");
  RunThreads(2, [&](Communicator& communicator) {
    UseComputeThreads(1);
    ParameterArena parameters(penalised.layout);
    parameters.Initialize(9);
    const double penalty = Penalty(penalised.layout).Value(parameters);
    EXPECT_GT(penalty, 1);

    // The samples of the first step.
    const auto index = [&](int64_t position) { return plain.sampler.Train(0, position); };
    const auto loss_of = [&](const Problem& problem) {
      Evaluator evaluator(CpuPasses(problem.graph, problem.layout, parameters), problem.layout,
                          parameters, 12);
      return evaluator.Run(problem.data, 12, index, communicator, false).loss;
    };
    const double without = loss_of(plain), with = loss_of(penalised);
    EXPECT_DOUBLE_EQ(with, without + penalty);

    CpuExecutor executor(penalised.graph, penalised.layout, parameters, *penalised.optimizer,
                         communicator, {.seed = 1, .row_counts = {6}});
    const Slice slice = Problem::Request(0, 2, communicator.rank());
    Loader loader(
        penalised.data, penalised.sampler, [&](int64_t) { return slice; }, 0, 0);
    const auto sums = executor.Step(loader, {&slice, 1}, {.learning_rate = 0.1f})->sums;
    EXPECT_NEAR(sums.loss / sums.weight, with, 1e-6 * with);  // FP32 sums in the step record
  });
}

TEST(Evaluator, GivesTheSameFiguresOnAnyNumberOfRanks) {
  const Problem problem;
  std::vector<EvaluationSums> results;
  for (const int world : {1, 2, 3, 4}) {
    for (const bool rank0_alone : {false, true}) {
      RunThreads(world, [&](Communicator& communicator) {
        UseComputeThreads(1);
        ParameterArena parameters(problem.layout);
        parameters.Initialize(9);
        Evaluator evaluator(CpuPasses(problem.graph, problem.layout, parameters), problem.layout,
                            parameters, 17);
        const auto sums = evaluator.Run(
            problem.data, problem.data.size(), [](int64_t position) { return position; },
            communicator, rank0_alone);
        if (communicator.rank() == 0) results.push_back(sums);
      });
    }
  }
  for (const auto& sums : results) {
    EXPECT_EQ(sums.loss, results.front().loss);
    EXPECT_EQ(sums.accuracy, results.front().accuracy);
    EXPECT_EQ(sums.samples, 120);
  }
}

}  // namespace
}  // namespace seve
