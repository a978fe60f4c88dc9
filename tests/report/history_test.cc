#include "report/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "report/a_run.h"
#include "report/metrics_jsonl.h"

namespace seve {
namespace {

using testing::ElementsAre;

EvaluationEvent EvaluationOf(const std::string& split, int64_t step, double loss, bool improved) {
  EvaluationEvent event = ValidationAt(step, static_cast<double>(step));
  event.split = split;
  event.loss = loss;
  event.improved = improved;
  event.metrics = {{"top_5", 0.5}};
  if (split != "validation") {
    event.train_loss.reset();
    event.train_accuracy.reset();
  }
  return event;
}

void TellARun(RunObserver& observer) {
  observer.OnStart(MlpSummary());
  observer.OnStep(StepAt(250, 1));
  observer.OnEvaluation(EvaluationOf("validation", 750, 0.5, true));
  observer.OnEvaluation(EvaluationOf("train", 750, 0.4, false));
  observer.OnStep(StepAt(1000, 800));
  observer.OnEvaluation(EvaluationOf("validation", 1500, std::nan(""), false));
  auto test = EvaluationOf("test", 1500, 0.6, false);
  test.confusion = {{"cat", "dog"}, {3, 1, 0, 4}};
  observer.OnEvaluation(test);
  observer.OnEnd(DoneAt(1500, 1600));
}

class HistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    MetricsJsonl jsonl(path_, std::nullopt);
    TellARun(jsonl);
  }
  void Add(const std::string& text) const { WriteFileAtomically(path_, ReadFile(path_) + text); }

  TemporaryFolder folder_;
  std::string path_ = folder_.File("metrics.jsonl");
};

void ExpectWhatWasTold(const History& history) {
  const Curve validation = history.Evaluated("validation", "loss");
  EXPECT_THAT(validation.epoch, ElementsAre(1, 2));
  EXPECT_THAT(validation.value, ElementsAre(0.5, testing::IsNan()));
  EXPECT_THAT(history.Evaluated("train", "loss").value, ElementsAre(0.4));
  EXPECT_THAT(history.Evaluated("validation", "top_5").value, ElementsAre(0.5, 0.5));
  EXPECT_TRUE(history.Evaluated("validation", "f1").value.empty());
  EXPECT_THAT(history.Training("accuracy").value, ElementsAre(0.9761, 0.9761));
  EXPECT_EQ(history.LearningRate().epoch.size(), 2u);
  EXPECT_THAT(history.SamplesPerSecond().value, ElementsAre(412300, 412300));
  EXPECT_EQ(history.Best()->step, 750);
  EXPECT_THAT(history.Latest("test")->confusion->counts, ElementsAre(3, 1, 0, 4));
  EXPECT_THAT(history.Figures(), ElementsAre("loss", "accuracy", "top_5"));
  EXPECT_EQ(history.start()->optimizer, "sgd, momentum 0.9");
  EXPECT_EQ(history.start()->epochs, 10);
  EXPECT_EQ(history.end()->best_step, 6000);
  EXPECT_EQ(history.epoch(), 2);
  EXPECT_EQ(history.seconds(), 1600);
}

TEST_F(HistoryTest, HoldsWhatItWasTold) {
  History history;
  TellARun(history);
  ExpectWhatWasTold(history);
}

TEST_F(HistoryTest, ReadBackHoldsTheSame) { ExpectWhatWasTold(History::Read(path_)); }

TEST_F(HistoryTest, PassesOverForeignLinesWrongTypesAndHalfALine) {
  Add("a note\n[1]\n{}\n{\"event\":7}\n{\"event\":\"step\",\"step\":\"x\",\"loss\":[]}\n\n"
      "{\"event\":\"evaluation\",\"confusion\":[1],\"class_names\":[\"a\"]}\n{\"event\":\"ste");
  const History history = History::Read(path_);
  EXPECT_EQ(history.steps().size(), 3u);
  EXPECT_EQ(history.Latest("test")->step, 1500);
}

TEST_F(HistoryTest, EndsWhereAResumedRunGoesOn) {
  const History history = History::Read(path_, 750);
  EXPECT_THAT(history.Evaluated("validation", "loss").value, ElementsAre(0.5));
  EXPECT_EQ(history.Latest("test"), nullptr);
  EXPECT_FALSE(history.end());
  EXPECT_EQ(history.epoch(), 1);
}

TEST_F(HistoryTest, TakesStepsForTheTrainingCurveWhereNothingIsValidated) {
  History history;
  history.OnStep(StepAt(250, 1));
  EXPECT_THAT(history.Training("loss").value, ElementsAre(0.0812));
}

TEST_F(HistoryTest, OfAFileThatIsNotThereIsADataError) {
  EXPECT_THAT(MessageOf(ExitCode::kData, [&] { History::Read(folder_.File("none")); }),
              testing::HasSubstr("No such file"));
}

}  // namespace
}  // namespace seve
