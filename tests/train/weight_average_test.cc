#include "train/weight_average.h"

#include <gtest/gtest.h>

#include "base/temporary_folder.h"
#include "train/training_testing.h"

namespace seve {
namespace {

const std::vector<std::string> kAveraged = {"optimizer.average.decay=0.9"};

TEST(WeightAverage, IsWhatIsJudgedWhileTheParametersGoOnAsWithoutIt) {
  const TemporaryFolder plain_folder, folder;
  const auto plain = Train(plain_folder.path(), {});
  const auto averaged = Train(folder.path(), {.sets = kAveraged});
  const auto checkpoint = Latest(folder.path());
  EXPECT_EQ(Weights(checkpoint), Weights(Latest(plain_folder.path())));
  EXPECT_EQ(averaged.steps.back().loss, plain.steps.back().loss);
  EXPECT_NE(averaged.evaluations.back().loss, plain.evaluations.back().loss);
  EXPECT_EQ(averaged.evaluations.back().loss,
            JudgeAlone(checkpoint, Split::kTest, kAveraged).sums.loss);
}

TEST(WeightAverage, GoesOnExactlyAfterResumingOnOtherRanks) {
  const TemporaryFolder whole_folder, folder;
  auto sets = kAveraged;
  for (const char* set : {"reproducible=true", "batch.micro_batches=2", "optimizer.schedule={}"})
    sets.emplace_back(set);
  Train(whole_folder.path(), {.sets = sets});
  auto half = sets;
  half.emplace_back("epochs=3");
  Train(folder.path(), {.world = 2, .sets = half});
  const auto middle = Latest(folder.path());
  Train(folder.path(), {.sets = sets, .resume = &middle});
  const auto whole = Latest(whole_folder.path()), resumed = Latest(folder.path());
  ASSERT_EQ(whole.optimizer.tensors.size(), resumed.optimizer.tensors.size());
  for (const auto& [name, tensor] : whole.optimizer.tensors) {
    const auto values = tensor.Flat<float>();
    const auto others = resumed.optimizer.Find(name)->Flat<float>();
    EXPECT_TRUE(std::ranges::equal(values, others)) << name;
  }
}

TEST(WeightAverage, OfTheBestCheckpointIsGoneBackTo) {
  const TemporaryFolder folder;
  auto sets = kAveraged;
  // The first evaluation.
  sets.emplace_back("evaluation.best={ metric: 'loss' mode: MAX }");
  sets.emplace_back("evaluation.restore_best=true");
  const auto run = Train(folder.path(), {.sets = sets});
  const auto best = ReadCheckpoint(folder.path() + "/checkpoints/best");
  EXPECT_EQ(run.evaluations.back().split, "test");
  EXPECT_EQ(run.evaluations.back().loss, JudgeAlone(best, Split::kTest, sets).sums.loss);
}

}  // namespace
}  // namespace seve
