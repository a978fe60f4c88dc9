// What a run shows besides its figures: the same on any number of ranks, and without changing it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "base/temporary_folder.h"
#include "comm/solo/solo_communicator.h"
#include "train/training_testing.h"

namespace seve {
namespace {

using testing::HasSubstr;

using Sets = std::vector<std::string>;

Sets Reproducible(const Sets& more) {
  Sets sets{"reproducible=true", "batch.micro_batches=4", "epochs=2", "evaluation.batch_size=30"};
  sets.insert(sets.end(), more.begin(), more.end());
  return sets;
}

void ExpectSame(const std::vector<Prediction>& some, const std::vector<Prediction>& others) {
  ASSERT_EQ(some.size(), others.size());
  for (size_t i = 0; i < some.size(); ++i) {
    EXPECT_EQ(some[i].sample, others[i].sample);
    EXPECT_EQ(some[i].input, others[i].input);
    EXPECT_EQ(some[i].target, others[i].target);
    EXPECT_EQ(some[i].output, others[i].output);
    EXPECT_EQ(some[i].truth, others[i].truth);
    EXPECT_EQ(some[i].said, others[i].said);
  }
}

PredictionsEvent PredictionsOn(int world, const Sets& sets) {
  const TemporaryFolder folder;
  const auto recorder = Train(folder.path(), {.world = world, .sets = Reproducible(sets)});
  EXPECT_EQ(recorder.predictions.size(), 1u);
  return recorder.predictions.at(0);
}

void ExpectSameOnMoreRanks(const PredictionsEvent& alone, const Sets& sets) {
  for (const int world : {2, 4}) {
    const auto shared = PredictionsOn(world, sets);
    ExpectSame(shared.best, alone.best);
    ExpectSame(shared.worst, alone.worst);
    ExpectSame(shared.random, alone.random);
    EXPECT_EQ(shared.split, alone.split);
  }
}

double OfTruth(const Prediction& prediction) {
  return static_cast<double>(prediction.output[static_cast<size_t>(prediction.truth)]);
}

// Gives one weight of a pixel in the middle a value that is no number where the pixel is black.
void SpoilAWeight(const Setup& setup, const ParameterArena& parameters) {
  for (const auto& parameter : setup.layout.parameters) {
    if (parameter.name != "hidden.weight") continue;
    parameters.At(parameter).Flat<float>()[14 * 28 + 14] = -std::numeric_limits<float>::infinity();
  }
}

TEST(Predictions, OfAClassifierAreTheSameOnOneTwoAndFourRanks) {
  const auto alone = PredictionsOn(1, {});
  EXPECT_EQ(alone.split, "test");
  EXPECT_EQ(alone.best.size(), 12u);
  EXPECT_EQ(alone.worst.size(), 12u);
  EXPECT_EQ(alone.random.size(), 12u);
  for (const auto& right : alone.best) EXPECT_EQ(right.said, right.truth);
  for (const auto& mistake : alone.worst) EXPECT_NE(mistake.said, mistake.truth);
  EXPECT_TRUE(std::ranges::is_sorted(alone.best, std::ranges::greater(), OfTruth));
  EXPECT_TRUE(std::ranges::is_sorted(alone.worst, std::ranges::less(), OfTruth));
  EXPECT_TRUE(std::ranges::is_sorted(alone.random, std::ranges::less(), &Prediction::sample));
  ExpectSameOnMoreRanks(alone, {});
}

TEST(Predictions, AreOfTheTrainingSamplesWhereNothingElseIsJudged) {
  const Sets sets{"loss={ mean_squared_error {} }", "data.validation_fraction=0",
                  "evaluation.test=false"};
  const auto alone = PredictionsOn(1, sets);
  EXPECT_EQ(alone.split, "train");
  ExpectSameOnMoreRanks(alone, sets);
}

TEST(Predictions, WhoseScoresAreNanAreTheWorst) {
  const seve::Setup setup = MakeSetup({});
  ParameterArena parameters(setup.layout);
  parameters.Initialize(1);
  SpoilAWeight(setup, parameters);
  const auto communicator = MakeSoloCommunicator();
  Judge judge(setup, parameters, *communicator);
  const PredictionCollector collector(setup, judge, Split::kTest, {.worst = 150, .random = 5});
  static_cast<void>(judge.Run(Split::kTest));
  const auto worst = collector.Gather(*communicator).worst;
  // The pixel is black in some samples only.
  const auto is_nan = [](const Prediction& prediction) { return std::isnan(OfTruth(prediction)); };
  const auto numbers = std::ranges::find_if_not(worst, is_nan);
  EXPECT_GT(numbers - worst.begin(), 10);
  EXPECT_TRUE(std::none_of(numbers, worst.end(), is_nan));
  EXPECT_TRUE(
      std::is_sorted(worst.begin(), numbers, [](auto& a, auto& b) { return a.sample < b.sample; }));
  EXPECT_TRUE(std::is_sorted(numbers, worst.end(),
                             [](auto& a, auto& b) { return OfTruth(a) < OfTruth(b); }));
}

TEST(Predictions, AreNotGatheredWithoutPictures) {
  const TemporaryFolder folder;
  const auto recorder =
      Train(folder.path(), {.world = 2, .sets = Reproducible({"reporting.pictures=NO_PICTURES"})});
  EXPECT_TRUE(recorder.predictions.empty());
}

TEST(Statistics, OfARunAreTheSameOnOneTwoAndFourRanks) {
  const Sets sets = Reproducible({"reporting.statistics={ every_steps: 5 bins: 7 }", "epochs=1"});
  std::vector<Recorder> recorders;
  for (const int world : {1, 2, 4}) {
    const TemporaryFolder folder;
    recorders.push_back(Train(folder.path(), {.world = world, .sets = sets}));
  }
  std::vector<int64_t> steps;
  for (const auto& event : recorders[0].statistics) steps.push_back(event.step);
  EXPECT_EQ(steps, (std::vector<int64_t>{1, 5, 10, 15}));
  for (const auto& recorder : recorders) {
    ASSERT_EQ(recorder.statistics.size(), 4u);
    for (size_t i = 0; i < 4; ++i) {
      const auto& own = recorder.statistics[i].parameters;
      const auto& first = recorders[0].statistics[i].parameters;
      ASSERT_EQ(own.size(), 4u);
      for (size_t p = 0; p < 4; ++p) {
        EXPECT_EQ(own[p].values.histogram, first[p].values.histogram);
        EXPECT_EQ(own[p].values.mean, first[p].values.mean);
        EXPECT_EQ(own[p].gradient->histogram, first[p].gradient->histogram);
        EXPECT_EQ(own[p].gradient->mean_absolute, first[p].gradient->mean_absolute);
      }
    }
  }
}

TEST(Dumps, PicturesAndStatisticsDoNotChangeTheTrainedBits) {
  for (const Sets& sets : {Sets{"epochs=2"}, Reproducible({}), Sets{"batch.micro_batches=4"}}) {
    const TemporaryFolder with, without;
    Sets more = sets;
    more.push_back("reporting.statistics={ every_steps: 1 }");
    Train(with.path(), {.world = 2,
                        .sets = more,
                        .dumps = {"input@1", "hidden@3", "hidden.gradient@3", "scores.gradient@17",
                                  "hidden.weight@0", "hidden.weight.gradient@9"}});
    Sets less = sets;
    less.push_back("reporting.pictures=NO_PICTURES");
    Train(without.path(), {.world = 2, .sets = less});
    EXPECT_EQ(Weights(Latest(with.path())), Weights(Latest(without.path())));
    const std::filesystem::directory_iterator dumps(with.File("dumps"));
    EXPECT_EQ(std::distance(begin(dumps), end(dumps)), 6);
  }
}

// Of all parameters one weight and one bias are trained.
Sets TwoParameters(const Sets& more) {
  Sets sets{
      "model={ layer { flatten {} } layer { name: 'fixed_1' linear { units: 1 } }"
      " layer { name: 'line' linear { units: 1 } }"
      " layer { name: 'fixed_2' linear { units: 10 } } }",
      "parameters={ match: 'fixed_*' frozen: true }", "reporting.surface=true",
      "data.digits={ train: 100 test: 20 }", "epochs=3"};
  sets.insert(sets.end(), more.begin(), more.end());
  return sets;
}

float ValueOf(LoadedCheckpoint& checkpoint, const std::string& name) {
  for (auto& [tensor_name, tensor] : checkpoint.model.tensors) {
    if (tensor_name == name) return tensor.Flat<float>()[0];
  }
  ADD_FAILURE() << "no " << name;
  return 0;
}

void SetValue(LoadedCheckpoint& checkpoint, const std::string& name, double value) {
  for (auto& [tensor_name, tensor] : checkpoint.model.tensors) {
    if (tensor_name == name) tensor.Flat<float>()[0] = static_cast<float>(value);
  }
}

TEST(Surface, HoldsTheLossAtTheNamedParametersAndTheWayToTheLastOnes) {
  const TemporaryFolder folder;
  const auto recorder = Train(folder.path(), {.world = 2, .sets = TwoParameters({})});
  ASSERT_EQ(recorder.surfaces.size(), 1u);
  const auto& surface = recorder.surfaces[0];
  auto latest = Latest(folder.path());
  EXPECT_EQ(surface.path_x.size(), static_cast<size_t>(recorder.end.step) + 1);
  EXPECT_EQ(surface.path_x.back(), static_cast<double>(ValueOf(latest, surface.x_name)));
  EXPECT_EQ(surface.path_y.back(), static_cast<double>(ValueOf(latest, surface.y_name)));
  ASSERT_EQ(surface.loss.size(), surface.x.size() * surface.y.size());
  for (const auto& [column, row] : {std::pair<size_t, size_t>(0, 0), {3, 50}, {60, 7}}) {
    SetValue(latest, surface.x_name, surface.x[column]);
    SetValue(latest, surface.y_name, surface.y[row]);
    EXPECT_EQ(surface.loss[row * surface.x.size() + column],
              JudgeAlone(latest, Split::kTrain, TwoParameters({})).sums.loss);
  }
}

TEST(Surface, OfAFinishedRunThatIsResumedHasAWayOfOnePoint) {
  const TemporaryFolder folder, again;
  Train(folder.path(), {.world = 1, .sets = TwoParameters({})});
  const auto latest = Latest(folder.path());
  const auto recorder =
      Train(again.path(), {.world = 1, .sets = TwoParameters({}), .resume = &latest});
  ASSERT_EQ(recorder.surfaces.size(), 1u);
  EXPECT_EQ(recorder.surfaces[0].path_x.size(), 1u);
}

TEST(Surface, OfAnotherNumberOfParametersIsRefusedWithTheirNumber) {
  const TemporaryFolder folder;
  try {
    Train(folder.path(), {.world = 1, .sets = {"reporting.surface=true"}});
    FAIL() << "drew";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_THAT(error.what(), HasSubstr("with two trained parameters, but this one has 25450"));
  }
}

}  // namespace
}  // namespace seve
