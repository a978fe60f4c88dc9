#include "train/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "base/file.h"
#include "base/temporary_folder.h"
#include "train/training_testing.h"

namespace seve {
namespace {

using testing::HasSubstr;

TEST(Trainer, LearnsDigitsAlikeOnOneTwoAndFourRanks) {
  std::vector<double> accuracies;
  for (const int world : {1, 2, 4}) {
    const TemporaryFolder folder;
    const auto recorder = Train(folder.path(), {.world = world, .sets = {}});
    accuracies.push_back(recorder.end.test_accuracy.value());
    EXPECT_EQ(recorder.start.world, world);
    EXPECT_EQ(recorder.start.batch, 48);
    EXPECT_EQ(recorder.start.optimizer, "sgd, momentum 0.9");
    EXPECT_EQ(recorder.start.batch_per_rank, 48 / world);
  }
  // 200 test samples: one sample is half a point. What differs is the order of FP32 sums.
  for (const double accuracy : accuracies) EXPECT_NEAR(accuracy, accuracies[0], 0.0101);
  EXPECT_GT(accuracies[0], 0.7);
}

TEST(Trainer, TheFirstOfSeveralLossesDecidesWhetherAccuracyIsReported) {
  const std::string classify = "={ input: 'scores' cross_entropy {} }";
  const std::string restore =
      "={ input: 'hidden' target: 'input' weight: 0.1 mean_squared_error {} }";
  for (const bool classifies : {true, false}) {
    const TemporaryFolder folder;
    const auto recorder =
        Train(folder.path(),
              {.world = 2,
               .sets = {"model.hidden.linear.units=784", "loss" + (classifies ? classify : restore),
                        "loss[1]" + (classifies ? restore : classify)}});
    EXPECT_EQ(recorder.end.exit_code, 0);
    EXPECT_EQ(recorder.end.test_accuracy.has_value(), classifies);
  }
}

TEST(Trainer, ReportsEveryEpochAndJudgesTheTestSetOnceAndLast) {
  const TemporaryFolder folder;
  const auto recorder = Train(folder.path(), {.world = 2, .sets = {}});
  ASSERT_EQ(recorder.evaluations.size(), 7u);
  for (size_t i = 0; i < 6; ++i) {
    const auto& event = recorder.evaluations[i];
    EXPECT_EQ(event.split, "validation");
    EXPECT_EQ(event.samples, 200);
    EXPECT_DOUBLE_EQ(event.epoch, static_cast<double>(i) + 1);
    EXPECT_TRUE(event.train_loss.has_value());
  }
  EXPECT_EQ(recorder.evaluations.back().split, "test");
  EXPECT_EQ(recorder.end.exit_code, 0);
  EXPECT_EQ(recorder.end.step, 6 * 17);
  EXPECT_FALSE(recorder.steps.empty());
}

TEST(Trainer, BestIsTheEvaluationWithTheHighestAccuracy) {
  const TemporaryFolder folder;
  const auto recorder = Train(folder.path(), {.world = 1, .sets = {}});
  double best = 0;
  int64_t step = 0;
  for (const auto& event : recorder.evaluations) {
    if (event.split != "validation" || *event.accuracy <= best) continue;
    best = *event.accuracy;
    step = event.step;
  }
  EXPECT_EQ(recorder.end.best_step, step);
  EXPECT_EQ(CheckpointStore(folder.path() + "/checkpoints", 2).Read("best").state.step(), step);
}

TEST(Trainer, AResumedRunEndsWithTheParametersOfAnUndisturbedOne) {
  const TemporaryFolder whole, parts;
  const auto undisturbed = Train(whole.path(), {.world = 2, .sets = {}});

  // The first part stops in the middle of an epoch; its schedule is that of the whole run.
  const std::vector<std::string> often{"checkpoints.every_steps=10", "checkpoints.keep=50"};
  Train(parts.path(), {.world = 2, .sets = often});
  const auto middle = CheckpointStore(parts.path() + "/checkpoints", 50).Read("step-000000040");
  EXPECT_EQ(middle.state.position(), (40 % 17) * 48);

  const TemporaryFolder rest;
  const auto resumed = Train(rest.path(), {.world = 2, .sets = {}, .resume = &middle});
  EXPECT_EQ(resumed.start.resumed_at_step, 40);
  EXPECT_EQ(Weights(Latest(rest.path())), Weights(Latest(whole.path())));
  EXPECT_EQ(resumed.end.test_loss, undisturbed.end.test_loss);
  EXPECT_EQ(resumed.end.best_step, undisturbed.end.best_step);
}

// Of the checkpoint, one after the other.
std::vector<float> States(const LoadedCheckpoint& checkpoint) {
  std::vector<float> values;
  for (const auto& [name, tensor] : checkpoint.optimizer.tensors) {
    std::ranges::copy(tensor.Flat<float>(), std::back_inserter(values));
  }
  return values;
}

TEST(Trainer, SharesOfTheOptimizerTrainAndSaveWhatAWholeOneDoes) {
  const std::vector<std::string> shares{"distribution=ZERO_1"};
  for (const int world : {2, 4}) {
    const TemporaryFolder whole, shared;
    Train(whole.path(), {.world = world});
    const auto recorder = Train(shared.path(), {.world = world, .sets = shares});
    EXPECT_THAT(recorder.start.optimizer, HasSubstr("a share on each rank"));
    EXPECT_EQ(Weights(Latest(shared.path())), Weights(Latest(whole.path()))) << world;
    EXPECT_EQ(States(Latest(shared.path())), States(Latest(whole.path()))) << world;
  }
}

TEST(Trainer, ARunGoesOnWithSharesOrWithoutWhateverItStartedWith) {
  const TemporaryFolder whole;
  Train(whole.path(), {.world = 2});
  const auto weights = Weights(Latest(whole.path()));
  for (const bool first : {false, true}) {
    const TemporaryFolder parts, rest;
    const std::string before = first ? "ZERO_1" : "REPLICATED",
                      after = first ? "REPLICATED" : "ZERO_1";
    Train(parts.path(), {.world = 2,
                         .sets = {"checkpoints.every_steps=10", "checkpoints.keep=50",
                                  "distribution=" + before}});
    const auto middle = CheckpointStore(parts.path() + "/checkpoints", 50).Read("step-000000040");
    Train(rest.path(), {.world = 2, .sets = {"distribution=" + after}, .resume = &middle});
    EXPECT_EQ(Weights(Latest(rest.path())), weights) << "from " << before << " to " << after;
  }
}

TEST(Trainer, ACheckpointOfAnotherModelIsRefusedOnEveryRank) {
  const TemporaryFolder folder, other;
  Train(folder.path(), {.world = 1, .sets = {"epochs=1"}});
  const auto checkpoint = Latest(folder.path());
  try {
    Train(other.path(),
          {.world = 2, .sets = {"model.hidden.linear.units=16"}, .resume = &checkpoint});
    FAIL() << "resumed";
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
  }
}

TEST(Trainer, ACheckpointOfAnotherOrderOfSamplesIsRefused) {
  const TemporaryFolder folder;
  Train(folder.path(), {.world = 1, .sets = {"epochs=1"}});
  const auto checkpoint = Latest(folder.path());
  for (const char* set : {"seed=7", "batch.size=24", "data.validation_fraction=0.5",
                          "data.digits.seed=2", "steps=3"}) {
    const TemporaryFolder other;
    EXPECT_THROW(Train(other.path(), {.world = 1, .sets = {set}, .resume = &checkpoint}),
                 AgreedError)
        << set;
  }
}

TEST(Trainer, EveryEpochIsToldOfWithAndWithoutValidation) {
  const TemporaryFolder folder, other;
  const auto without = Train(folder.path(), {.world = 2, .sets = {"data.validation_fraction=0"}});
  ASSERT_EQ(without.epochs.size(), 6u);
  EXPECT_FALSE(without.epochs[0].validation.has_value());
  EXPECT_GT(without.epochs[0].train_loss, without.epochs[5].train_loss);
  const auto some = Train(other.path(), {.world = 1, .sets = {"evaluation.every_epochs=2"}});
  ASSERT_EQ(some.epochs.size(), 6u);
  EXPECT_FALSE(some.epochs[0].validation.has_value());
  EXPECT_TRUE(some.epochs[1].validation.has_value());
}

TEST(Trainer, ARunWhoseCheckpointsCannotBeWrittenTrainsOnAndSaysSo) {
  const TemporaryFolder folder;
  WriteFileDurably(folder.File("checkpoints"), BytesOf("in the way"));
  const auto recorder = Train(folder.path(), {.world = 2, .sets = {"epochs=2"}});
  EXPECT_EQ(recorder.end.exit_code, static_cast<int>(ExitCode::kData));
  EXPECT_TRUE(recorder.end.test_accuracy.has_value());
  EXPECT_FALSE(recorder.end.best_step.has_value());
}

FileCalls FullDisk() {
  FileCalls calls = SystemFileCalls();
  calls.write = [](int, const void*, size_t) -> ssize_t {
    errno = ENOSPC;
    return -1;
  };
  return calls;
}

TEST(Trainer, AFailedCheckpointEndsTheRunWhereItIsAskedTo) {
  const TemporaryFolder folder;
  const auto recorder = Train(
      folder.path(), {.world = 2, .sets = {"checkpoints.on_failure=END_RUN"}, .files = FullDisk()});
  EXPECT_EQ(recorder.end.exit_code, static_cast<int>(ExitCode::kData));
  EXPECT_LT(recorder.end.step, 6 * 17);
  EXPECT_FALSE(recorder.end.test_accuracy.has_value());
}

TEST(Trainer, ADivergingRunEndsWithANumericalErrorAndKeepsItsCheckpoint) {
  const TemporaryFolder folder;
  try {
    Train(folder.path(),
          {.world = 2,
           .sets = {"optimizer.sgd.learning_rate=1e18", "checkpoints.every_steps=1",
                    "optimizer.schedule.warm_up_epochs=0", "optimizer.schedule.constant={}"}});
    FAIL() << "went on";
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.code(), ExitCode::kNumerical);
    EXPECT_THAT(error.what(), HasSubstr("at step"));
  }
  EXPECT_NO_THROW(Latest(folder.path()));
}

}  // namespace
}  // namespace seve
