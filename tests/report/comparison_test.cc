#include "report/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "config/load.h"
#include "report/a_run.h"
#include "report/comparison_csv.h"

namespace seve {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

History HistoryOf(double accuracy, double loss) {
  History history;
  EvaluationEvent event = ValidationAt(750, 2);
  event.accuracy = accuracy;
  event.loss = loss;
  history.OnEvaluation(event);
  event.epoch = 2;
  event.accuracy = accuracy / 2;
  event.improved = false;
  history.OnEvaluation(event);
  return history;
}

ComparedRun RunOf(const std::string& name, int seed, double rate, double accuracy, double loss) {
  config::Config config;
  config.set_seed(static_cast<uint64_t>(seed));
  config.mutable_optimizer()->mutable_sgd()->set_learning_rate(rate);
  return {.name = name, .config = config, .history = HistoryOf(accuracy, loss)};
}

std::vector<ComparedRun> FourRuns() {
  return {RunOf("a", 1, 0.1, 0.5, 1), RunOf("other", 1, 0.2, 0.75, 2), RunOf("b", 2, 0.1, 0.25, 3),
          RunOf("c", 3, 0.1, 0.9, 8)};
}

TEST(Comparison, ShowsTheBestEvaluationOfEachRun) {
  auto runs = FourRuns();
  runs[0].history.OnStart(MlpSummary());
  const std::string text = Comparison(runs, "").Results(Pipe());
  // Columns in which no run has a figure are left out.
  EXPECT_THAT(text, HasSubstr("run    ranks  epochs  accuracy    loss   time\n"));
  EXPECT_THAT(text, HasSubstr("\na          2       2   50.00 %  1.0000  2.0 s\n"));
  EXPECT_THAT(text, HasSubstr("\nother      -       2   75.00 %  2.0000"));
}

TEST(Comparison, GivesMeanAndDeviationOverRunsThatDifferInTheirSeedAlone) {
  const std::string text = Comparison(FourRuns(), "").Results(Pipe());
  EXPECT_THAT(text, HasSubstr("a and 2 more, of seeds 1, 2, 3: mean +- standard deviation (n = 3, "
                              "over n - 1)\n"
                              "  accuracy         55.00 +- 32.79 %\n"
                              "  loss             4.0000 +- 3.6056\n"));
  EXPECT_THAT(text, Not(HasSubstr("other and")));
}

TEST(Comparison, TakesTwoRunsOfOneSeedForNoSpread) {
  const Comparison again({RunOf("a", 1, 0.1, 0.5, 1), RunOf("b", 1, 0.1, 0.5, 1)}, "");
  EXPECT_THAT(again.Results(Pipe()), Not(HasSubstr("mean")));
}

TEST(Comparison, ShowsTheSettingsThatDiffer) {
  EXPECT_EQ(Comparison(FourRuns(), "").Settings(Pipe()),
            "setting                      a    other  b    c\n"
            "-------------------------------------------------\n"
            "optimizer.sgd.learning_rate  0.1  0.2    0.1  0.1\n"
            "seed                         1    1      2    3\n");
  const Comparison equal({RunOf("a", 1, 0.1, 0.5, 1), RunOf("b", 1, 0.1, 0.5, 1)}, "");
  EXPECT_EQ(equal.Settings(Pipe()), "The configurations are equal.\n");
}

TEST(Comparison, DrawsTheFigureAndTheLoss) {
  const auto charts = Comparison(FourRuns(), "").Charts();
  ASSERT_EQ(charts.size(), 2u);
  EXPECT_EQ(charts[0].title, "Validation");
  EXPECT_EQ(charts[0].y_label, "accuracy (%)");
  EXPECT_EQ(charts[0].series[0].name, "a, mean of 3 seeds");
  EXPECT_EQ(Comparison(FourRuns(), "loss").Charts().size(), 1u);
}

TEST(Comparison, RefusesRunsThatWereJudgedByOtherFigures) {
  auto runs = FourRuns();
  EvaluationEvent event = ValidationAt(750, 2);
  event.accuracy.reset();
  runs[2].history = History();
  runs[2].history.OnEvaluation(event);
  EXPECT_EQ(
      MessageOf(ExitCode::kUsage, [&] { Comparison(runs, ""); }),
      "b: this run was judged by loss, not by 'accuracy'; what all of them have, for --metric: "
      "loss");
  EXPECT_THAT(Comparison(runs, "loss").Results(Pipe()), Not(HasSubstr("accuracy")));
  EXPECT_THAT(MessageOf(ExitCode::kUsage, [] { Comparison(FourRuns(), "top_5"); }),
              AllOf(HasSubstr("not by 'top_5'"), HasSubstr("--metric: loss, accuracy")));
}

TEST(Comparison, RefusesARunThatWasNeverEvaluated) {
  auto runs = FourRuns();
  runs[1].history = History();
  EXPECT_THAT(MessageOf(ExitCode::kUsage, [&] { Comparison(runs, ""); }),
              testing::StartsWith("other: this run has not been evaluated yet"));
}

TEST(ComparisonCsv, HasALineForEachRunAndEvaluation) {
  const std::vector<ComparedRun> runs = {RunOf("runs/a, b", 7, 0.1, 0.5, 1.25)};
  EXPECT_EQ(ComparisonCsv(runs),
            "run,seed,split,epoch,step,seconds,learning_rate,train_loss,train_accuracy,loss,"
            "accuracy,samples_per_second\n"
            "\"runs/a, b\",7,validation,1,750,2.000,0.1,0.0812,0.9761,1.25,0.5,412300.0\n"
            "\"runs/a, b\",7,validation,2,750,2.000,0.1,0.0812,0.9761,1.25,0.25,412300.0\n");
}

}  // namespace
}  // namespace seve
