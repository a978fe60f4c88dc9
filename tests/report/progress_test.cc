#include "report/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/text.h"
#include "report/a_run.h"

namespace seve {
namespace {

using testing::HasSubstr;

ProgressState At(int64_t step) { return {StepAt(step, 5), 10, 12.0}; }

TEST(ProgressLine, ShowsEpochLossAccuracyRateAndTimeLeft) {
  EXPECT_EQ(ProgressLine(At(1965), PlainTerminal(105)),
            "epoch  3/10 ━━━━━━━━━━━━━━╸           62 %  loss 0.0812  acc 97.61 %  "
            "412,300 samples/s  0:12 left");
}

TEST(ProgressLine, GivesUpWordsThenFiguresOnNarrowTerminals) {
  EXPECT_EQ(ProgressLine(At(1965), PlainTerminal(80)),
            "epoch  3/10 ━━━━━━━━       62 %  loss 0.0812  acc 97.61 %  412,300/s  0:12 left");
  EXPECT_EQ(ProgressLine(At(1965), PlainTerminal(50)),
            "epoch  3/10 ━━━━     62 %  loss 0.0812  0:12 left");
}

TEST(ProgressLine, NeverReachesTheLastColumn) {
  for (int columns = 1; columns <= 130; ++columns) {
    const std::string line = ProgressLine(At(1965), PlainTerminal(columns));
    EXPECT_LE(DisplayWidth(line), static_cast<size_t>(std::max(columns - 1, 1))) << columns;
  }
}

TEST(ProgressLine, IsAsciiWithoutUtf8) {
  auto terminal = PlainTerminal(80);
  terminal.utf8 = false;
  EXPECT_EQ(ProgressLine(At(1965), terminal),
            "epoch  3/10 ========.....  62 %  loss 0.0812  acc 97.61 %  412,300/s  0:12 left");
}

TEST(ProgressLine, CountsAnEpochsLastStepToThatEpoch) {
  EXPECT_THAT(ProgressLine(At(750), PlainTerminal(80)), HasSubstr("epoch  1/10 "));
  EXPECT_THAT(ProgressLine(At(750), PlainTerminal(80)), HasSubstr("100 %"));
  EXPECT_THAT(ProgressLine(At(751), PlainTerminal(80)), HasSubstr("epoch  2/10 "));
  EXPECT_THAT(ProgressLine(At(751), PlainTerminal(80)), HasSubstr("  0 %"));
}

TEST(ProgressLine, FillsTheBarOfALastPartialEpoch) {
  ProgressState state = At(1125);
  state.epochs = 1.5;
  EXPECT_THAT(ProgressLine(state, PlainTerminal(80)), HasSubstr("epoch 2/2 "));
  EXPECT_THAT(ProgressLine(state, PlainTerminal(80)), HasSubstr("100 %"));
}

TEST(ProgressLine, LeavesOutWhatIsNotKnown) {
  ProgressState state = At(1965);
  state.seconds_left.reset();
  state.step.accuracy.reset();
  state.step.loss = std::nan("");
  EXPECT_EQ(PlainProgressLine(state), "epoch  3/10   62 %  loss nan  412,300 samples/s");
}

TEST(EvaluationLine, IsWholeWhereNothingLimitsIt) {
  EXPECT_EQ(EvaluationLine(ValidationAt(2250, 8), 10, 2.9, Pipe()),
            "epoch  3/10  train loss 0.0812 acc 97.61 %  validation loss 0.0911 acc 97.20 %  "
            "412,300 samples/s  2.9 s");
}

TEST(EvaluationLine, IsShortenedToTheTerminal) {
  EXPECT_EQ(EvaluationLine(ValidationAt(2250, 8), 10, 2.9, PlainTerminal(80)),
            "epoch  3/10  train 0.0812 97.61 %  validation 0.0911 97.20 %  412,300/s  2.9 s");
}

TEST(EvaluationLine, ShowsTheMetricsAskedFor) {
  auto event = ValidationAt(2250, 8);
  event.metrics = {{"top_3", 0.9951}, {"f1", 0.0714}};
  EXPECT_THAT(EvaluationLine(event, 10, 2.9, Pipe()),
              HasSubstr("acc 97.20 %  top_3 99.51 % f1  7.14 %  412,300"));
}

TEST(ImprovementLine, SaysFromWhatToWhat) {
  EXPECT_EQ(ImprovementLine({.metric = "accuracy", .from = 0.972, .to = 0.975}, 10, Pipe()),
            "             validation accuracy improved from 97.20 to 97.50 %, saved");
  EXPECT_EQ(ImprovementLine({.metric = "loss", .from = {}, .to = 0.25}, 10, Pipe()),
            "             validation loss 0.2500, saved");
}

TEST(EvaluationLine, FitsEveryTerminal) {
  for (int columns = 1; columns <= 130; ++columns) {
    const auto line = EvaluationLine(ValidationAt(2250, 8), 10, 2.9, PlainTerminal(columns));
    EXPECT_LE(DisplayWidth(line), static_cast<size_t>(std::max(columns - 1, 1))) << columns;
  }
}

TEST(EvaluationLine, OfARegressionWithinAnEpochHasLossesAlone) {
  auto event = ValidationAt(375, 8);
  event.accuracy.reset();
  event.train_accuracy.reset();
  EXPECT_EQ(EvaluationLine(event, 10, 61, Pipe()),
            "epoch 0.50/10  train loss 0.0812  validation loss 0.0911  412,300 samples/s  "
            "1 min 01 s");
}

class ProgressTest : public testing::Test {
 protected:
  Progress Start(const Terminal& terminal, const RunSummary& summary = MlpSummary()) {
    Progress progress(out_, [terminal] { return terminal; });
    progress.OnStart(summary);
    return progress;
  }
  [[nodiscard]] long Count(char c) const {
    const std::string text = out_.str();
    return std::count(text.begin(), text.end(), c);
  }

  std::ostringstream out_;
};

TEST_F(ProgressTest, IsRewrittenAtMostTenTimesASecondOnATerminal) {
  Progress progress = Start(PlainTerminal(80));
  for (int step = 1; step <= 700; ++step) progress.OnStep(StepAt(step, 0.005 * step));
  // 3.5 s: one line at once, then one each tenth of a second; each returns twice to the left.
  EXPECT_NEAR(static_cast<double>(Count('\r')) / 2, 35, 1);
  EXPECT_EQ(Count('\n'), 0);
}

TEST_F(ProgressTest, EstimatesTheTimeLeftFromTheStepsOfThisStart) {
  auto summary = MlpSummary();
  summary.resumed_at_step = 7000;
  Progress progress = Start(PlainTerminal(80), summary);
  progress.OnStep(StepAt(7001, 1000));
  EXPECT_THAT(out_.str(), testing::Not(HasSubstr("left")));
  progress.OnStep(StepAt(7101, 1010));
  EXPECT_THAT(out_.str(), HasSubstr("0:40 left"));  // 399 steps at 0.1 s
}

TEST_F(ProgressTest, KeepsALineForEachValidationAndLeavesNoneBehind) {
  Progress progress = Start(PlainTerminal(80));
  progress.OnStep(StepAt(750, 2));
  out_.str("");
  progress.OnEvaluation(ValidationAt(750, 2.9));
  progress.OnEnd({});
  EXPECT_EQ(
      out_.str(),
      "\r\x1b[Kepoch  1/10  train 0.0812 97.61 %  validation 0.0911 97.20 %  412,300/s  2.9 s\n");
}

TEST_F(ProgressTest, OffATerminalIsPlainLinesThirtySecondsApartAndEvaluations) {
  Progress progress = Start(Pipe());
  for (int second = 1; second <= 65; ++second) progress.OnStep(StepAt(second, second));
  progress.OnEvaluation(ValidationAt(750, 66));
  for (int second = 67; second <= 90; ++second) progress.OnStep(StepAt(second + 700, second));
  progress.OnEnd({});
  EXPECT_EQ(Count('\n'), 3);
  EXPECT_EQ(Count('\r') + Count('\x1b'), 0);
  EXPECT_THAT(out_.str(), testing::StartsWith("epoch  1/10    4 %  loss 0.0812  acc 97.61 %  "));
}

TEST_F(ProgressTest, TimesAnEvaluationLineSinceTheOneBefore) {
  Progress progress = Start(Pipe());
  progress.OnStep(StepAt(1, 0.1));
  progress.OnEvaluation(ValidationAt(750, 3));
  progress.OnEvaluation(ValidationAt(1500, 5.5));
  EXPECT_THAT(out_.str(), HasSubstr("samples/s  3.0 s\n"));
  EXPECT_THAT(out_.str(), HasSubstr("samples/s  2.5 s\n"));
}

TEST_F(ProgressTest, SaysNothingOfTheTestSetWhichTheSummaryShows) {
  Progress progress = Start(Pipe());
  auto event = ValidationAt(7500, 30);
  event.split = "test";
  progress.OnEvaluation(event);
  EXPECT_EQ(out_.str(), "");
}

TEST_F(ProgressTest, KeepsALineAnEpochWhereNothingIsValidated) {
  auto summary = MlpSummary();
  summary.validation_samples = 0;
  Progress progress = Start(Pipe(), summary);
  for (const int64_t step : {1, 749, 750, 751, 1500}) {
    progress.OnStep(StepAt(step, static_cast<double>(step) / 1000));
  }
  EXPECT_EQ(Count('\n'), 2);
  EXPECT_THAT(out_.str(), HasSubstr("epoch  2/10  100 %  loss 0.0812"));
}

}  // namespace
}  // namespace seve
