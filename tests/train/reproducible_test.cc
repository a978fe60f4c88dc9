// The promise of `reproducible`: the same bits on any number of ranks, whatever is trained.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/temporary_folder.h"
#include "config/optimizer.pb.h"
#include "train/training_testing.h"

namespace seve {
namespace {

// With 48 samples in 8 micro-batches every epoch ends with a step of 32.
std::vector<std::string> Reproducible(const std::vector<std::string>& more) {
  std::vector<std::string> sets{"reproducible=true", "batch.micro_batches=8", "epochs=3"};
  sets.insert(sets.end(), more.begin(), more.end());
  return sets;
}

struct Outcome {
  std::vector<float> weights, optimizer;
  std::vector<double> steps, evaluations;  // losses, as reported
  bool operator==(const Outcome&) const = default;
};

Outcome OutcomeOf(const Recorder& recorder, const std::string& directory) {
  Outcome outcome;
  const auto checkpoint = Latest(directory);
  outcome.weights = Weights(checkpoint);
  for (const auto& [name, tensor] : checkpoint.optimizer.tensors) {
    outcome.optimizer.insert(outcome.optimizer.end(), tensor.Flat<float>().begin(),
                             tensor.Flat<float>().end());
  }
  for (const auto& event : recorder.steps) outcome.steps.push_back(event.loss);
  for (const auto& event : recorder.evaluations) {
    outcome.evaluations.push_back(event.loss);
    outcome.evaluations.push_back(event.train_loss.value_or(0));
  }
  return outcome;
}

bool EndsWith(const std::vector<double>& all, const std::vector<double>& last) {
  return !last.empty() && last.size() < all.size() &&
         std::equal(last.rbegin(), last.rend(), all.rbegin());
}

Outcome TrainOn(int world, const std::vector<std::string>& sets) {
  const TemporaryFolder folder;
  const auto recorder = Train(folder.path(), {.world = world, .sets = Reproducible(sets)});
  return OutcomeOf(recorder, folder.path());
}

// Of every sort: by position, by sample, and with a mean over the picture.
const std::vector<std::string> kAugmented{
    "data.augment={ pad_and_crop { padding: 2 } }",
    "data.augment[1]={ flip { alternating: true } }",
    "data.augment[2]={ color_jitter { brightness: 0.2 contrast: 0.3 } }",
    "data.augment[3]={ random_resized_crop { smallest_area: 0.6 } }",
    "data.augment[4]={ cutout { side: 6 } }"};

class Reproducibility : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(Reproducibility, GivesTheSameBitsOnOneToEightRanks) {
  const Outcome alone = TrainOn(1, GetParam());
  ASSERT_FALSE(alone.weights.empty());
  for (const int world : {2, 4, 8}) {
    EXPECT_TRUE(TrainOn(world, GetParam()) == alone) << "on " << world << " ranks";
  }
}

std::vector<std::vector<std::string>> EveryOptimizer() {
  std::vector<std::vector<std::string>> cases;
  const auto* kinds = config::Optimizer::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    cases.push_back({"optimizer." + kinds->field(i)->name() + "={ learning_rate: 0.01 }"});
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Optimizers, Reproducibility, testing::ValuesIn(EveryOptimizer()));

INSTANTIATE_TEST_SUITE_P(
    Settings, Reproducibility,
    testing::Values(std::vector<std::string>{"optimizer.clip_norm=0.5"},
                    std::vector<std::string>{"loss={ hinge {} }"},
                    std::vector<std::string>{"penalty={ l1: 1e-4 }",
                                             "penalty[1]={ match: '*.weight' l2: 0.01 }",
                                             "optimizer.clip_norm=1"},
                    std::vector<std::string>{"model.hidden.linear.activation=GELU"},
                    std::vector<std::string>{"model.dropout_1.batch_norm={ activation: RELU }",
                                             "optimizer.clip_norm=1"},
                    // The last step of 4 samples leaves four of the eight micro-batches empty.
                    std::vector<std::string>{"data.digits.train=1030", "batch.size=96",
                                             "data.validation_fraction=0.25"},
                    std::vector<std::string>{"data.prefetch=2"}, kAugmented));

class GoingOn : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(GoingOn, IsExactOnAnotherNumberOfRanksInMidEpoch) {
  const Outcome whole = TrainOn(4, GetParam());
  const TemporaryFolder parts;
  auto checkpointed = Reproducible(GetParam());
  checkpointed.insert(checkpointed.end(), {"checkpoints.every_steps=10", "checkpoints.keep=50"});
  Train(parts.path(), {.world = 2, .sets = checkpointed});
  const auto middle = CheckpointStore(parts.path() + "/checkpoints", 50).Read("step-000000040");
  for (const int world : {1, 8}) {
    const TemporaryFolder rest;
    const auto resumed =
        Train(rest.path(), {.world = world, .sets = Reproducible(GetParam()), .resume = &middle});
    const Outcome outcome = OutcomeOf(resumed, rest.path());
    EXPECT_EQ(resumed.start.resumed_at_step, 40);
    EXPECT_EQ(outcome.weights, whole.weights) << "on " << world << " ranks";
    EXPECT_EQ(outcome.optimizer, whole.optimizer) << "on " << world << " ranks";
    // The last reports of the undisturbed run, to the bit, means over intervals that began before.
    EXPECT_TRUE(EndsWith(whole.steps, outcome.steps)) << "on " << world << " ranks";
    EXPECT_TRUE(EndsWith(whole.evaluations, outcome.evaluations)) << "on " << world << " ranks";
  }
}

INSTANTIATE_TEST_SUITE_P(Reproducible, GoingOn,
                         testing::Values(std::vector<std::string>{}, kAugmented));

TEST(Reproducible, RefusesToGoOnWithOtherMicroBatches) {
  const TemporaryFolder folder;
  Train(folder.path(), {.world = 1, .sets = Reproducible({})});
  const auto checkpoint = Latest(folder.path());
  for (const char* set : {"batch.micro_batches=4", "reproducible=false"}) {
    const TemporaryFolder other;
    EXPECT_THROW(
        Train(other.path(), {.world = 1, .sets = Reproducible({set}), .resume = &checkpoint}),
        AgreedError)
        << set;
  }
}

}  // namespace
}  // namespace seve
