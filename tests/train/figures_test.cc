#include "train/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "model/small_data.h"

namespace seve {
namespace {

using testing::HasSubstr;

config::Evaluation Asking(const std::vector<std::string>& metrics) {
  config::Evaluation evaluation;
  for (const auto& metric : metrics) evaluation.add_metrics(metric);
  return evaluation;
}

// Counts with this table, each sample scored 1 for what was said.
ScoreCounts Counts(int64_t classes, const std::vector<int>& table, std::vector<int64_t> top = {}) {
  ScoreCounts counts(classes, std::move(top));
  for (size_t cell = 0; cell < table.size(); ++cell) {
    std::vector<float> scores(static_cast<size_t>(classes), 0);
    scores[cell % static_cast<size_t>(classes)] = 1;
    auto truth = static_cast<int32_t>(cell / static_cast<size_t>(classes));
    for (int i = 0; i < table[cell]; ++i) {
      counts.Add(Tensor(scores.data(), DType::kFloat32, Shape{1, classes}),
                 Tensor(&truth, DType::kInt32, Shape{1}));
    }
  }
  return counts;
}

std::vector<double> Values(const config::Evaluation& evaluation, const ScoreCounts& counts,
                           int64_t samples) {
  std::vector<double> values;
  for (const auto& metric : MetricsOf(evaluation, counts, samples)) values.push_back(metric.value);
  return values;
}

// The reference values are worked out by hand as fractions; sklearn.metrics'
// precision_recall_fscore_support(average="macro", zero_division=0) defines them.
TEST(Figures, PrecisionRecallAndF1AreMeansOverTheClasses) {
  const auto counts = Counts(3, {2, 0, 0,  //
                                 1, 1, 2,  //
                                 0, 1, 3});
  const auto values = Values(Asking({"precision", "recall", "f1"}), counts, 10);
  EXPECT_DOUBLE_EQ(values[0], (2. / 3 + 1. / 2 + 3. / 5) / 3);
  EXPECT_DOUBLE_EQ(values[1], (1. + 1. / 4 + 3. / 4) / 3);
  EXPECT_DOUBLE_EQ(values[2], (4. / 5 + 2. / 6 + 6. / 9) / 3);
}

TEST(Figures, AClassThatNeitherOccursNorIsSaidDoesNotCount) {
  const auto with = Counts(4, {2, 0, 0, 0,  //
                               1, 1, 0, 2,  //
                               0, 0, 0, 0,  //
                               0, 1, 0, 3});
  const auto without = Counts(3, {2, 0, 0, 1, 1, 2, 0, 1, 3});
  const auto asking = Asking({"precision", "recall", "f1"});
  EXPECT_EQ(Values(asking, with, 10), Values(asking, without, 10));
}

TEST(Figures, AClassThatIsSaidButNeverOccursOrTheReverseCountsAsZero) {
  // Class 1 occurs and is never said, class 2 is said and never occurs.
  const auto counts = Counts(3, {3, 0, 1,  //
                                 1, 0, 1,  //
                                 0, 0, 0});
  const auto values = Values(Asking({"f1", "recall", "precision"}), counts, 6);
  EXPECT_DOUBLE_EQ(values[0], (6. / 8 + 0 + 0) / 3);
  EXPECT_DOUBLE_EQ(values[1], (3. / 4 + 0 + 0) / 3);
  EXPECT_DOUBLE_EQ(values[2], (3. / 4 + 0 + 0) / 3);
}

TEST(Figures, TopsAreSharesOfTheSamplesInTheOrderAskedFor) {
  const auto asking = Asking({"top_3", "f1", "top_1"});
  EXPECT_EQ(TopCounts(asking), (std::vector<int64_t>{3, 1}));
  // What was said scores 1, the others 0 in their order: classes 0 and 1 are among the top 3.
  const auto counts = Counts(4,
                             {1, 0, 0, 0,  //
                              0, 0, 1, 0,  //
                              0, 0, 0, 0,  //
                              1, 1, 0, 0},
                             TopCounts(asking));
  const auto metrics = MetricsOf(asking, counts, 4);
  EXPECT_EQ(metrics[0].name, "top_3");
  EXPECT_EQ(metrics[0].value, 2. / 4);
  EXPECT_EQ(metrics[1].name, "f1");
  EXPECT_EQ(metrics[2].name, "top_1");
  EXPECT_EQ(metrics[2].value, 1. / 4);
}

// What CheckFigures says of 3 classes, or of a model that reconstructs its 6 inputs.
std::string Refusal(const std::string& more, bool classifies = true) {
  const SmallData data(12, 6, 3);
  const std::string layer =
      classifies ? "layer { linear { units: 3 } }" : "layer { linear { units: 6 } }";
  const std::string loss = classifies ? "" : "loss { target: \"input\" mean_squared_error {} }\n";
  const auto configuration = SmallConfiguration(layer, loss + more);
  const auto graph = BuildGraph(configuration, data.Fields(), data.classes());
  return MessageOf(ExitCode::kUsage, [&] { CheckFigures(configuration, graph); });
}

TEST(Figures, MetricsThatTheModelCannotHaveAreRefusedWhereTheyWereGiven) {
  const auto top = Refusal("evaluation { metrics: \"f1\" metrics: \"top_20\" }");
  EXPECT_THAT(top, HasSubstr("small.textproto:"));
  EXPECT_THAT(top, HasSubstr("metric 'top_20' of a model with 3 classes: ask for at most top_3"));
  EXPECT_THAT(Refusal("evaluation { metrics: \"f1\" }", false),
              HasSubstr("metric 'f1' is one of classifiers, but the first loss is not"));
}

TEST(Figures, TheAccuracyOfRegressionIsRefusedForEveryMonitor) {
  for (const auto& [monitors, path] : std::vector<std::pair<std::string, std::string>>{
           {"evaluation { best { metric: \"accuracy\" } }", "evaluation.best"},
           {"early_stopping { monitor { metric: \"accuracy\" } }", "early_stopping"}}) {
    EXPECT_THAT(Refusal(monitors, false), HasSubstr("there is no accuracy")) << path;
    EXPECT_THAT(Refusal(monitors, false), HasSubstr("monitor the loss")) << path;
  }
}

}  // namespace
}  // namespace seve
