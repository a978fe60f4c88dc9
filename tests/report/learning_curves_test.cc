#include "report/learning_curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/a_run.h"

namespace seve {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

// Validation accuracies at the ends of epochs.
History RunWith(const std::vector<double>& accuracies) {
  History history;
  history.OnStep(StepAt(250, 1));
  for (size_t i = 0; i < accuracies.size(); ++i) {
    EvaluationEvent event = ValidationAt(750 * static_cast<int64_t>(i + 1), 2);
    event.accuracy = accuracies[i];
    event.improved = i == 0;
    history.OnEvaluation(event);
  }
  return history;
}

TEST(LearningCurves, ShowAccuracyLossAndLearningRateWithTheBestEpoch) {
  History history = RunWith({0.5, 0.25});
  EvaluationEvent test = ValidationAt(1500, 3);
  test.split = "test";
  test.improved = false;
  test.train_loss.reset();
  test.train_accuracy.reset();
  history.OnEvaluation(test);
  const auto charts = LearningCurves(history);
  ASSERT_EQ(charts.size(), 3u);
  EXPECT_EQ(charts[0].y_label, "accuracy (%)");
  ASSERT_EQ(charts[0].series.size(), 3u);
  EXPECT_THAT(charts[0].series[1].y, ElementsAre(50, 25));
  EXPECT_EQ(charts[0].series[2].name, "test");
  EXPECT_EQ(charts[0].mark_x, 1);
  EXPECT_EQ(charts[1].y_label, "loss");
  EXPECT_THAT(charts[1].series[0].y, ElementsAre(0.0812, 0.0812));
  EXPECT_THAT(charts[2].series[0].y, ElementsAre(0.1));
}

TEST(LearningCurves, LeaveOutWhatARunDoesNotHave) {
  History history;
  EXPECT_TRUE(LearningCurves(history).empty());
  auto step = StepAt(250, 1);
  step.accuracy.reset();
  history.OnStep(step);
  const auto charts = LearningCurves(history);
  ASSERT_EQ(charts.size(), 2u);
  EXPECT_EQ(charts[0].y_label, "loss");
}

TEST(ComparedCurves, HaveALineForARunAndAMeanWithABandForSeveral) {
  const History one = RunWith({0.5, 0.75}), two = RunWith({0.25, 0.25, 1}), lone = RunWith({0.1});
  const std::vector<CurveGroup> groups = {{"sgd", {&one, &two}}, {"adam", {&lone}}};
  const Chart chart = ComparedCurves(groups, "accuracy");
  ASSERT_EQ(chart.series.size(), 2u);
  const Series& mean = chart.series[0];
  EXPECT_EQ(mean.name, "sgd");
  EXPECT_THAT(mean.x, ElementsAre(1, 2));
  EXPECT_THAT(mean.y, ElementsAre(37.5, 50));
  EXPECT_NEAR(mean.high[0], 37.5 + 17.6777, 1e-4);
  EXPECT_NEAR(mean.low[1], 50 - 35.3553, 1e-4);
  EXPECT_EQ(chart.series[1].name, "adam");
  EXPECT_THAT(chart.series[1].y, ElementsAre(DoubleEq(10)));
  EXPECT_TRUE(chart.series[1].low.empty());
  EXPECT_EQ(chart.series[1].colour, 1);
}

}  // namespace
}  // namespace seve
