// What evaluations decide in a run, on several ranks and over a resumption.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/expect_error.h"
#include "base/temporary_folder.h"
#include "train/training_testing.h"

namespace seve {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using Sets = std::vector<std::string>;

// The same bits on 1, 2 and 4 ranks; evaluated every 5 steps.
Sets Often(const Sets& more = {}) {
  Sets sets{"reproducible=true", "batch.micro_batches=4", "evaluation.every_steps=5", "epochs=3"};
  sets.insert(sets.end(), more.begin(), more.end());
  return sets;
}

// No evaluation is better by that much than the best of them: a cut after every third that is not,
// the end after seven.
Sets Impatient(const Sets& more = {}) {
  Sets sets =
      Often({"optimizer.schedule={ plateau { monitor { metric: 'loss' minimum_change: 0.1 }"
             " patience: 1 factor: 0.5 } }",
             "early_stopping={ monitor { metric: 'loss' minimum_change: 0.5 } patience: 7 }",
             "epochs=20"});
  sets.insert(sets.end(), more.begin(), more.end());
  return sets;
}

struct Course {
  std::vector<double> losses, rates;
  Sets notes;
  int64_t end = 0;
  std::string reason;
  bool operator==(const Course&) const = default;
};

// Of the validations after step `from` and the end.
Course CourseOf(const Recorder& recorder, int64_t from = 0) {
  Course course;
  for (const auto& event : recorder.evaluations) {
    if (event.step <= from || event.split != "validation") continue;
    course.losses.push_back(event.loss);
    course.rates.push_back(event.learning_rate);
    course.notes.insert(course.notes.end(), event.notes.begin(), event.notes.end());
  }
  course.end = recorder.end.step;
  course.reason = recorder.end.reason;
  return course;
}

TEST(EarlyStopping, EndsAtTheSameStepOnOneTwoAndFourRanksWithItsCheckpoint) {
  std::vector<Course> courses;
  for (const int world : {1, 2, 4}) {
    const TemporaryFolder folder;
    const auto recorder =
        Train(folder.path(), {.world = world, .sets = Impatient({"checkpoints.every_epochs=100"})});
    courses.push_back(CourseOf(recorder));
    EXPECT_EQ(recorder.end.exit_code, 0);
    EXPECT_LT(recorder.end.step, 20 * 17);
    EXPECT_THAT(recorder.end.reason, StartsWith("stopped early: validation loss"));
    EXPECT_TRUE(recorder.end.test_accuracy.has_value());
    EXPECT_EQ(Latest(folder.path()).state.step(), recorder.end.step);
    EXPECT_EQ(recorder.epochs.back().step, recorder.end.step);
  }
  EXPECT_TRUE(courses[1] == courses[0]);
  EXPECT_TRUE(courses[2] == courses[0]);
}

TEST(EarlyStopping, AtTheVeryLastStepIsNoEarlyEnd) {
  const TemporaryFolder folder;
  const auto recorder = Train(
      folder.path(),
      {.world = 2,
       .sets =
           Often({"steps=20", "early_stopping={ monitor { minimum_change: 2 } patience: 3 }"})});
  EXPECT_EQ(recorder.end.step, 20);
  EXPECT_EQ(recorder.end.reason, "done");
}

TEST(Decisions, OfARunThatIsResumedAnywhereAreThoseOfAnUndisturbedOne) {
  const TemporaryFolder folder;
  const auto undisturbed =
      Train(folder.path(),
            {.world = 2, .sets = Impatient({"checkpoints.every_steps=7", "checkpoints.keep=50"})});
  const Course whole = CourseOf(undisturbed);
  ASSERT_GE(whole.notes.size(), 3u) << "hardly anything was decided";
  ASSERT_LT(whole.rates.back(), whole.rates.front() / 3);
  int resumed = 0;
  for (int64_t step = 7; step < whole.end; step += 14) {
    const auto middle = CheckpointStore(folder.path() + "/checkpoints", 50)
                            .Read("step-" +
                                  std::string(step < 10    ? 8
                                              : step < 100 ? 7
                                                           : 6,
                                              '0') +
                                  std::to_string(step));
    const TemporaryFolder rest;
    const auto recorder = Train(rest.path(), {.world = 2, .sets = Impatient(), .resume = &middle});
    EXPECT_TRUE(CourseOf(recorder) == CourseOf(undisturbed, step)) << "from step " << step;
    EXPECT_EQ(Weights(Latest(rest.path())), Weights(Latest(folder.path())));
    ++resumed;
  }
  EXPECT_GE(resumed, 3);
}

TEST(EarlyStopping, ARunThatStoppedEarlyTrainsNoFurtherWhenResumed) {
  const TemporaryFolder folder, again, patient;
  const auto first = Train(folder.path(), {.world = 2, .sets = Impatient()});
  const auto latest = Latest(folder.path());
  const auto second = Train(again.path(), {.world = 2, .sets = Impatient(), .resume = &latest});
  EXPECT_EQ(second.end.step, first.end.step);
  EXPECT_EQ(second.end.reason, first.end.reason);
  EXPECT_EQ(second.end.test_loss, first.end.test_loss);
  EXPECT_TRUE(second.steps.empty());
  EXPECT_TRUE(second.checkpoints.empty());
  // With more patience it goes on.
  const auto third =
      Train(patient.path(),
            {.world = 2, .sets = Impatient({"early_stopping.patience=9"}), .resume = &latest});
  EXPECT_EQ(third.end.step, first.end.step + 10);
}

// "Best" by the highest loss: the first evaluation, which is far from the last.
TEST(RestoreBest, TheTestSetJudgesTheBestCheckpointOnEveryNumberOfRanks) {
  const Sets sets = Often({"evaluation.best={ metric: 'loss' mode: MAX }",
                           "evaluation.restore_best=true", "evaluation.metrics=['f1']"});
  for (const int world : {1, 2, 4}) {
    const TemporaryFolder folder;
    const auto recorder = Train(folder.path(), {.world = world, .sets = sets});
    const auto best = CheckpointStore(folder.path() + "/checkpoints", 2).Read("best");
    EXPECT_EQ(best.state.step(), 5);
    EXPECT_EQ(Latest(folder.path()).state.step(), 3 * 17);
    const auto alone = JudgeAlone(best, Split::kTest, sets);
    const auto& test = recorder.evaluations.back();
    EXPECT_EQ(test.split, "test");
    EXPECT_EQ(test.loss, alone.sums.loss);
    EXPECT_EQ(test.accuracy, alone.sums.accuracy);
    EXPECT_EQ(test.metrics.front().value, alone.Figure("f1"));
    EXPECT_EQ(recorder.end.test_loss, alone.sums.loss);
    EXPECT_NE(alone.sums.loss, JudgeAlone(Latest(folder.path()), Split::kTest, sets).sums.loss);
    EXPECT_TRUE(recorder.end.restored_best);
    EXPECT_THAT(recorder.end.model_path,
                HasSubstr("/checkpoints/step-000000005/model.safetensors"));
  }
}

TEST(RestoreBest, ABestCheckpointThatIsGoneEndsEveryRankWithADataError) {
  const TemporaryFolder folder, other;
  const Sets sets = Often({"evaluation.restore_best=true", "epochs=1"});
  Train(folder.path(), {.world = 1, .sets = sets});
  const auto latest = Latest(folder.path());
  ASSERT_TRUE(latest.state.best().has_step());
  try {
    Train(other.path(), {.world = 2, .sets = sets, .resume = &latest});
    FAIL() << "restored a checkpoint that is in another folder";
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.code(), ExitCode::kData);
  }
}

TEST(Best, OfAResumedRunIsComparedWithFiguresOfTheSameNameOnly) {
  const TemporaryFolder folder, accuracy, loss;
  Train(folder.path(), {.world = 1, .sets = Often({"epochs=2"})});
  auto latest = Latest(folder.path());
  ASSERT_GT(latest.state.best().validation_accuracy(), 0.1);
  // As the checkpoints were that knew of the accuracy of classifiers alone.
  latest.state.mutable_best()->clear_figure();
  latest.state.mutable_best()->clear_metric();
  latest.state.mutable_best()->set_validation_accuracy(0.999);
  const auto same = Train(accuracy.path(), {.world = 1, .sets = Often(), .resume = &latest});
  EXPECT_EQ(same.end.best_step, latest.state.best().step());
  const auto other =
      Train(loss.path(),
            {.world = 1, .sets = Often({"evaluation.best={ metric: 'loss' }"}), .resume = &latest});
  EXPECT_GT(other.end.best_step, latest.state.step());
  EXPECT_TRUE(other.evaluations.front().improved);
}

TEST(EvaluationOfTraining, TakesThePlaceOfRunningMeansAndEqualsASeparateOne) {
  const TemporaryFolder folder;
  const Sets sets{"evaluation.train=true", "epochs=2", "checkpoints.keep=50"};
  const auto recorder = Train(folder.path(), {.world = 2, .sets = sets});
  ASSERT_EQ(recorder.evaluations.size(), 5u);
  for (size_t epoch = 0; epoch < 2; ++epoch) {
    const auto& train = recorder.evaluations[2 * epoch];
    const auto& validation = recorder.evaluations[2 * epoch + 1];
    EXPECT_EQ(train.split, "train");
    EXPECT_EQ(train.samples, 800);
    EXPECT_EQ(validation.split, "validation");
    EXPECT_EQ(validation.train_loss, train.loss);
    EXPECT_EQ(validation.train_accuracy, train.accuracy);
    EXPECT_EQ(recorder.epochs[epoch].train_loss, train.loss);
    EXPECT_EQ(recorder.epochs[epoch].train_accuracy, train.accuracy);
    const auto checkpoint = CheckpointStore(folder.path() + "/checkpoints", 50)
                                .Read("step-0000000" + std::to_string(17 * (epoch + 1)));
    const auto alone = JudgeAlone(checkpoint, Split::kTrain, sets);
    EXPECT_EQ(train.loss, alone.sums.loss);
    EXPECT_EQ(train.accuracy, alone.sums.accuracy);
  }
}

TEST(EvaluationOfTraining, ChangesNothingElse) {
  const TemporaryFolder with, without;
  const auto judged =
      Train(with.path(), {.world = 2, .sets = {"evaluation.train=true", "epochs=2"}});
  const auto running = Train(without.path(), {.world = 2, .sets = {"epochs=2"}});
  EXPECT_EQ(Weights(Latest(with.path())), Weights(Latest(without.path())));
  EXPECT_EQ(judged.end.test_loss, running.end.test_loss);
  EXPECT_NE(judged.epochs[0].train_loss, running.epochs[0].train_loss);
}

TEST(Metrics, AndConfusionsAreTheSameOnOneTwoAndFourRanksAndOnRank0Alone) {
  const Sets sets =
      Often({"evaluation.metrics=['top_1', 'f1', 'top_3', 'precision', 'recall', 'top_10']",
             "evaluation.batch_size=30", "epochs=1"});
  const TemporaryFolder folder;
  const auto alone = Train(folder.path(), {.world = 1, .sets = sets});
  for (const auto& event : alone.evaluations) {
    ASSERT_EQ(event.metrics.size(), 6u);
    EXPECT_EQ(event.metrics[0].value, event.accuracy);
    EXPECT_EQ(event.metrics[5].value, 1);
    EXPECT_GE(event.metrics[2].value, event.metrics[0].value);
    const auto& confusion = event.confusion.value();
    ASSERT_EQ(confusion.classes(), 10u);
    double right = 0, all = 0;
    for (size_t i = 0; i < 100; ++i) {
      all += confusion.counts[i];
      right += i % 11 == 0 ? confusion.counts[i] : 0;
    }
    EXPECT_EQ(all, static_cast<double>(event.samples));
    EXPECT_EQ(right / all, event.accuracy);
  }
  for (const auto& [world, on] : {std::pair(2, "ALL_RANKS"), {4, "ALL_RANKS"}, {4, "RANK_0"}}) {
    const TemporaryFolder other;
    Sets there = sets;
    there.push_back(std::string("evaluation.on=") + on);
    const auto shared = Train(other.path(), {.world = world, .sets = there});
    ASSERT_EQ(shared.evaluations.size(), alone.evaluations.size());
    for (size_t i = 0; i < alone.evaluations.size(); ++i) {
      for (size_t m = 0; m < 6; ++m) {
        EXPECT_EQ(shared.evaluations[i].metrics[m].value, alone.evaluations[i].metrics[m].value);
      }
      EXPECT_EQ(shared.evaluations[i].confusion->counts, alone.evaluations[i].confusion->counts);
    }
  }
}

TEST(Judging, ASplitThatRoundsToNothingCannotDecide) {
  const Sets nothing = {"data.validation_fraction=0.0001"};
  (void)MakeSetup(nothing);
  for (const char* set : {"early_stopping.patience=2", "evaluation.restore_best=true"}) {
    Sets sets = nothing;
    sets.emplace_back(set);
    EXPECT_THAT(MessageOf(ExitCode::kUsage, [&] { (void)MakeSetup(sets); }),
                testing::HasSubstr("0.0001 of 1000 samples is none"));
  }
}

}  // namespace
}  // namespace seve
