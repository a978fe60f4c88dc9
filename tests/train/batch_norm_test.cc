// A model with running statistics, trained, judged and gone on with.
#include <gtest/gtest.h>

#include "base/temporary_folder.h"
#include "train/training_testing.h"

namespace seve {
namespace {

std::vector<std::string> WithBatchNorm(const std::vector<std::string>& more) {
  std::vector<std::string> sets{"model.dropout_1.batch_norm={ activation: RELU }", "epochs=3"};
  sets.insert(sets.end(), more.begin(), more.end());
  return sets;
}

TEST(BatchNormTraining, EvaluatesWithTheStatisticsOfTheCheckpoint) {
  const TemporaryFolder folder;
  const auto sets = WithBatchNorm({});
  const auto recorder = Train(folder.path(), {.world = 2, .sets = sets});
  const auto checkpoint = Latest(folder.path());
  const Tensor* variance = checkpoint.model.Find("batch_norm_1.running_var");
  ASSERT_NE(variance, nullptr);
  for (const float value : variance->Flat<float>()) EXPECT_NE(value, 1);
  EXPECT_EQ(checkpoint.optimizer.Find("batch_norm_1.running_var.momentum_buffer"), nullptr);
  EXPECT_EQ(recorder.start.running_statistics, 2 * 32);
  EXPECT_EQ(recorder.start.parameters, 784 * 32 + 32 + 2 * 32 + 32 * 10 + 10);
  EXPECT_GT(recorder.end.test_accuracy.value(), 0.7);
  EXPECT_EQ(JudgeAlone(checkpoint, Split::kTest, sets).sums.loss, recorder.end.test_loss);
}

TEST(BatchNormTraining, AResumedRunEndsWithTheStatisticsOfAnUndisturbedOne) {
  const TemporaryFolder whole, parts, rest;
  Train(whole.path(), {.world = 2, .sets = WithBatchNorm({})});
  Train(parts.path(),
        {.world = 2, .sets = WithBatchNorm({"checkpoints.every_steps=10", "checkpoints.keep=9"})});
  const auto middle = CheckpointStore(parts.path() + "/checkpoints", 9).Read("step-000000020");
  Train(rest.path(), {.world = 2, .sets = WithBatchNorm({}), .resume = &middle});
  EXPECT_EQ(Weights(Latest(rest.path())), Weights(Latest(whole.path())));
}

}  // namespace
}  // namespace seve
