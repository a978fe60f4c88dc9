#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "comm/solo/solo_communicator.h"
#include "model/cpu_pass.h"
#include "model/cuda_executor.h"
#include "model/cuda_problem_cuda_testing.h"
#include "model/evaluator.h"

namespace seve::testing {
namespace {

using ::testing::HasSubstr;

// Sums of products in another order: FP32 rounding of values of order 1, over ten updates.
constexpr double kFp32Rounding = 1e-5;

void ExpectNear(const std::vector<float>& actual, const std::vector<float>& expected,
                double tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    ASSERT_NEAR(actual[i], expected[i], tolerance) << "parameter " << i;
  }
}

constexpr const char* kSettings[] = {
    "",
    "optimizer { sgd { learning_rate: 0.1 momentum: 0.9 nesterov: true weight_decay: 0.01 } }",
    "optimizer { adam { learning_rate: 0.01 } }",
    "optimizer { rmsprop { learning_rate: 0.01 momentum: 0.5 } }",
    "penalty { l1: 0.01 l2: 0.1 }",
    "parameters { match: \"linear_1.*\" frozen: true }",
};

TEST(CudaExecutor, TrainsAsTheCpuDoes) {
  for (const char* settings : kSettings) {
    SCOPED_TRACE(settings);
    const CudaProblem problem(settings);
    const auto cpu = problem.Train({.cuda = false});
    const auto cuda = problem.Train({});
    ExpectNear(cuda.parameters, cpu.parameters, kFp32Rounding);
    ASSERT_EQ(cuda.outcomes.size(), cpu.outcomes.size());
    for (size_t i = 0; i < cpu.outcomes.size(); ++i) {
      EXPECT_EQ(cuda.outcomes[i].step, cpu.outcomes[i].step);
      EXPECT_EQ(cuda.outcomes[i].sums.weight, cpu.outcomes[i].sums.weight);
      EXPECT_NEAR(cuda.outcomes[i].sums.loss, cpu.outcomes[i].sums.loss, 1e-4);
    }
  }
}

TEST(CudaExecutor, TheSameGlobalBatchTrainsAlikeOnAnyNumberOfRanks) {
  const CudaProblem problem;
  const auto alone = problem.Train({});
  for (const int world : {2, 4}) {
    if (world > GpusHere()) continue;
    SCOPED_TRACE(world);
    ExpectNear(problem.Train({.world = world}).parameters, alone.parameters, kFp32Rounding);
  }
  ExpectNear(problem.Train({.micro_batches = 4}).parameters, alone.parameters, kFp32Rounding);
}

TEST(CudaExecutor, ClipsAsTheCpuDoes) {
  const CudaProblem problem;
  const auto cpu = problem.Train({.cuda = false, .clip_norm = 0.01f});
  ExpectNear(problem.Train({.clip_norm = 0.01f}).parameters, cpu.parameters, kFp32Rounding);
}

TEST(CudaExecutor, GraphAndEagerGiveTheSameBits) {
  for (const char* settings : kSettings) {
    for (const auto precision : {Precision::kFp32, Precision::kBf16, Precision::kFp16}) {
      SCOPED_TRACE(std::string(settings) + " " + NameOf(precision));
      const CudaProblem problem(settings, std::string(CudaProblem::kLayers) +
                                              "layer { dropout { rate: 0.25 } }"
                                              "layer { linear { units: 3 } }");
      Training training{.steps = 12, .clip_norm = 0.5f};
      training.options.precision = precision;
      const auto graph = problem.Train(training);
      training.options.eager = true;
      EXPECT_EQ(problem.Train(training).parameters, graph.parameters);
    }
  }
}

TEST(CudaExecutor, ReproducibleGivesTheSameBitsOnAnyNumberOfRanks) {
  for (const auto precision : {Precision::kFp32, Precision::kFp16}) {
    SCOPED_TRACE(NameOf(precision));
    const CudaProblem problem("optimizer { adam { learning_rate: 0.01 } } penalty { l2: 0.1 }");
    Training training{.micro_batches = 8, .reproducible = true};
    training.options.precision = precision;
    const auto alone = problem.Train(training);
    for (const int world : {2, 4, 8}) {
      if (world > GpusHere()) continue;
      SCOPED_TRACE(world);
      training.world = world;
      EXPECT_EQ(problem.Train(training).parameters, alone.parameters);
    }
  }
}

TEST(CudaExecutor, SamplesSentByTheHostTrainToTheSameBits) {
  const CudaProblem problem;
  for (const int64_t micro_batches : {1, 4}) {
    Training training{.micro_batches = micro_batches};
    const auto kept = problem.Train(training);
    training.options.keep_data = false;
    EXPECT_EQ(problem.Train(training).parameters, kept.parameters);
  }
}

TEST(CudaExecutor, NarrowPrecisionsStayNearFp32) {
  const CudaProblem problem;
  const auto fp32 = problem.Train({});
  // Parameters of order 1 move by up to 1 in ten updates, whose gradients have relative errors of a
  // few times 2^-11 (TF32, FP16) or 2^-8 (BF16).
  for (const auto& [precision, tolerance] :
       {std::pair{Precision::kTf32, 5e-3}, {Precision::kBf16, 4e-2}, {Precision::kFp16, 5e-3}}) {
    SCOPED_TRACE(NameOf(precision));
    Training training;
    training.options.precision = precision;
    const auto narrow = problem.Train(training);
    ExpectNear(narrow.parameters, fp32.parameters, tolerance);
    EXPECT_NE(narrow.parameters, fp32.parameters);
  }
}

TEST(CudaExecutor, AnOverflowOfFp16SkipsTheUpdateAndHalvesTheScale) {
  // The scores' gradients, near 1/2, times 8 and the first scale are beyond FP16's 65,504.
  const CudaProblem problem("loss { cross_entropy {} weight: 8 }");
  const auto train = [&](int64_t steps, LossScale* scale) {
    Training training{.steps = steps};
    training.options.precision = Precision::kFp16;
    training.at_end = [scale](Communicator&, Executor& executor, ParameterArena&) {
      *scale = executor.loss_scale().value();
    };
    return problem.Train(training).parameters;
  };
  LossScale none, one, ten;
  const auto start = train(0, &none);
  EXPECT_EQ(train(1, &one), start);
  EXPECT_EQ(one.updates, 0);
  EXPECT_EQ(one.scale, LossScale::kStart / 2);

  EXPECT_NE(train(10, &ten), start);
  EXPECT_GT(ten.updates, 0);
  const auto skipped = static_cast<float>(10 - ten.updates);
  EXPECT_EQ(ten.scale, LossScale::kStart * std::pow(0.5f, skipped));
}

TEST(CudaExecutor, GradientsOnTheHostAreTheSumsOverTheBatch) {
  const CudaProblem problem;
  std::vector<float> gradients[2];
  for (const bool cuda : {false, true}) {
    Training training{.steps = 1, .cuda = cuda};
    training.options.precision = cuda ? Precision::kFp16 : Precision::kFp32;
    training.at_end = [&](Communicator&, Executor& executor, ParameterArena&) {
      for (const auto& parameter : problem.layout.parameters) {
        for (const float value : executor.Gradient(parameter).Flat<float>()) {
          gradients[cuda ? 1 : 0].push_back(value);
        }
      }
    };
    static_cast<void>(problem.Train(training));
  }
  ExpectNear(gradients[1], gradients[0], 0.05);  // FP16 sums of order 1, the loss scale divided out
}

TEST(CudaExecutor, ANonFiniteLossOnOneRankEndsEveryRankBeforeTheUpdate) {
  if (GpusHere() < 2) GTEST_SKIP() << "two ranks need a GPU each";
  const CudaProblem problem;
  Training training{.world = 2, .steps = 5};
  training.poison = [](int rank, ParameterArena& parameters) {
    if (rank == 1) parameters.trainable()[0] = std::numeric_limits<float>::quiet_NaN();
  };
  try {
    static_cast<void>(problem.Train(training));
    FAIL() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kNumerical);
    EXPECT_THAT(error.what(), HasSubstr("step 1"));
    EXPECT_THAT(error.what(), HasSubstr("'linear_2'"));
  }
}

TEST(CudaExecutor, ReplicasThatPartAreNoticed) {
  const CudaProblem problem;
  if (GpusHere() < 4) GTEST_SKIP() << "four ranks need a GPU each";
  Training training{.world = 4, .steps = 6};
  training.poison = [](int rank, ParameterArena& parameters) {
    if (rank == 2) parameters.trainable()[0] += 0.25f;
  };
  training.compare_at = 3;
  try {
    static_cast<void>(problem.Train(training));
    FAIL() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kCommunication);
    EXPECT_THAT(error.what(), HasSubstr("rank 2"));
  }
  training.poison = {};
  EXPECT_EQ(problem.Train(training).outcomes.size(), 6);
}

// Buckets of a layer each: what ranks own lies in several ranges.
constexpr size_t kSmallBuckets = 64;

TEST(CudaExecutor, ShardsOfTheOptimizerTrainToTheSameBits) {
  for (const char* settings : kSettings) {
    const CudaProblem problem(settings);
    for (const int world : {1, 2, 4}) {
      if (world > GpusHere()) continue;
      for (const auto precision : {Precision::kFp32, Precision::kBf16}) {
        SCOPED_TRACE(std::string(settings) + " " + NameOf(precision) + std::to_string(world));
        Training training{.world = world, .reproducible = true, .bucket_bytes = kSmallBuckets};
        training.options.precision = precision;
        const auto whole = problem.Train(training);
        training.shards = true;
        EXPECT_EQ(problem.Train(training).parameters, whole.parameters);
      }
    }
  }
}

TEST(CudaExecutor, ShardsTrainAlikeInAnyShapeOfSumAndClip) {
  if (GpusHere() < 2) GTEST_SKIP() << "two ranks need a GPU each";
  const CudaProblem problem;
  for (const int world : {2, 3}) {
    if (world > GpusHere()) continue;
    for (const float clip : {0.0f, 0.01f}) {
      Training training{.world = world, .micro_batches = 6, .clip_norm = clip};
      training.bucket_bytes = kSmallBuckets;
      const auto whole = problem.Train(training);
      training.shards = true;
      ExpectNear(problem.Train(training).parameters, whole.parameters, kFp32Rounding);
    }
  }
}

TEST(CudaExecutor, AnOverflowOfFp16SkipsTheUpdateOfEveryShard) {
  if (GpusHere() < 2) GTEST_SKIP() << "two ranks need a GPU each";
  const CudaProblem problem("optimizer { adam { learning_rate: 0.01 } }");
  LossScale scales[2];
  std::vector<float> parameters[2];
  for (const bool shards : {false, true}) {
    Training training{.world = 2, .steps = 40, .reproducible = true, .shards = shards};
    training.options.precision = Precision::kFp16;
    training.at_end = [&](Communicator& communicator, Executor& executor, ParameterArena&) {
      if (communicator.rank() == 0) scales[shards ? 1 : 0] = *executor.loss_scale();
    };
    parameters[shards ? 1 : 0] = problem.Train(training).parameters;
  }
  EXPECT_LT(scales[0].scale, LossScale::kStart);
  EXPECT_EQ(scales[1].scale, scales[0].scale);
  EXPECT_EQ(scales[1].updates, scales[0].updates);
  EXPECT_EQ(parameters[1], parameters[0]);
}

TEST(CudaExecutor, ShardsAreCollectedAndShared) {
  if (GpusHere() < 2) GTEST_SKIP() << "two ranks need a GPU each";
  const CudaProblem problem("optimizer { adam { learning_rate: 0.01 } }");
  std::vector<float> states[2];
  for (const bool shards : {false, true}) {
    Training training{.world = 2, .reproducible = true, .bucket_bytes = kSmallBuckets};
    training.shards = shards;
    training.at_end = [&](Communicator& communicator, Executor& executor, ParameterArena&) {
      executor.CollectStates();
      executor.ShareStates(communicator, 2);
      executor.CollectStates();
      if (communicator.rank() != 0) return;
      for (size_t i = 0; i < 2; ++i) {
        const auto state = executor.OptimizerState(i);
        states[shards ? 1 : 0].insert(states[shards ? 1 : 0].end(), state.begin(), state.end());
      }
    };
    static_cast<void>(problem.Train(training));
  }
  EXPECT_FALSE(states[0].empty());
  EXPECT_EQ(states[1], states[0]);
}

// Scores of order 1e35 have a finite loss, but what comes back through weights of 1e38 overflows
// where it meets the inputs.
TEST(CudaExecutor, AGradientThatIsNotFiniteIsNamedWhoeverOwnsIt) {
  if (GpusHere() < 2) GTEST_SKIP() << "two ranks need a GPU each";
  const CudaProblem problem;
  for (const bool shards : {false, true}) {
    Training training{.world = 2, .steps = 5, .bucket_bytes = kSmallBuckets, .shards = shards};
    training.poison = [&](int, ParameterArena& parameters) {
      for (const auto& parameter : problem.layout.parameters) {
        const auto values = parameters.At(parameter).Flat<float>();
        for (size_t i = 0; i < values.size(); ++i) {
          const float huge = i / 8 % 2 == 0 ? 1e38f : -1e38f;  // alike for each score
          values[i] = parameter.name == "linear_2.weight" ? huge : values[i] * 1e-3f;
        }
      }
    };
    try {
      static_cast<void>(problem.Train(training));
      FAIL() << "went on";
    } catch (const AgreedError& error) {
      EXPECT_EQ(error.code(), ExitCode::kNumerical);
      // Later steps have spoiled the others' gradients by the time that anybody looks.
      EXPECT_THAT(error.what(), HasSubstr("the gradient of 'linear_"));
      EXPECT_THAT(error.what(), HasSubstr("non-finite at step 1 though the loss is finite"));
    }
  }
}

TEST(CudaExecutor, GradientsThatTravelAsBfloat16StayNear) {
  if (GpusHere() < 2) GTEST_SKIP() << "two ranks need a GPU each";
  const CudaProblem problem;
  Training training{.world = 2, .bucket_bytes = kSmallBuckets};
  const auto exact = problem.Train(training);
  training.wire = Wire::kBfloat16;
  const auto narrow = problem.Train(training);
  ExpectNear(narrow.parameters, exact.parameters, 0.02);  // ten updates of gradients of order 1
  EXPECT_NE(narrow.parameters, exact.parameters);
  EXPECT_EQ(narrow.outcomes.front().sums.loss, exact.outcomes.front().sums.loss);
  training.compare_at = 5;
  training.shards = true;
  ExpectNear(problem.Train(training).parameters, narrow.parameters, kFp32Rounding);
}

TEST(CudaExecutor, EvaluatesAsTheCpuDoes) {
  const CudaProblem problem("penalty { l2: 0.1 }");
  const auto communicator = MakeSoloCommunicator();
  Training training;
  training.at_end = [&](Communicator&, Executor& executor, ParameterArena& parameters) {
    const auto index = [](int64_t position) { return position; };
    const auto judge = [&](PassMaker passes) {
      Evaluator evaluator(std::move(passes), problem.layout, parameters, 48);
      return evaluator.Run(problem.data, problem.data.size(), index, *communicator, true);
    };
    const auto cpu = judge(CpuPasses(problem.graph, problem.layout, parameters));
    const auto cuda = judge([&](int64_t rows) { return executor.MakePass(rows); });
    EXPECT_NEAR(cuda.loss, cpu.loss, 1e-6);
    EXPECT_EQ(cuda.accuracy, cpu.accuracy);
    EXPECT_EQ(cuda.samples, 160);
  };
  static_cast<void>(problem.Train(training));
}

}  // namespace
}  // namespace seve::testing
