#include "report/trend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "report/a_run.h"

namespace seve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

EvaluationEvent Judged(const std::string& split, double accuracy) {
  EvaluationEvent event = ValidationAt(750, 2);
  event.split = split;
  event.improved = split == "validation";
  event.accuracy = accuracy;
  return event;
}

// A run of `layers` layers of `units` units each that ends with 90 % on the validation split.
ComparedRun RunOf(int layers, int units, uint64_t seed, double test_accuracy) {
  config::Config config;
  config.set_seed(seed);
  auto* layer = config.mutable_model()->add_layer();
  layer->set_name("hidden");
  layer->set_repeat(layers);
  layer->mutable_linear()->set_units(units);
  RunSummary summary = MlpSummary();
  summary.parameters = layers * units * units;
  History history;
  history.OnStart(summary);
  history.OnEvaluation(Judged("validation", 0.9));
  history.OnEvaluation(Judged("test", test_accuracy));
  return {.name = std::to_string(layers) + "x" + std::to_string(units),
          .config = config,
          .history = history};
}

std::vector<ComparedRun> DeepAndWide() {
  return {RunOf(4, 5, 1, 0.7), RunOf(1, 10, 1, 0.5), RunOf(1, 5, 1, 0.25), RunOf(4, 10, 1, 0.75)};
}

constexpr const char* kLayers = "model.hidden.repeat";
constexpr const char* kUnits = "model.hidden.linear.units";

TEST(TrendChart, HasALineForEachValueOfAField) {
  const Chart chart = TrendChart(DeepAndWide(), "accuracy", {.against = kUnits, .by = kLayers});
  EXPECT_EQ(chart.x_label, kUnits);
  EXPECT_EQ(chart.y_label, "test accuracy (%)");
  ASSERT_THAT(chart.series, SizeIs(4));  // each with its points
  EXPECT_EQ(chart.series[0].name, "repeat 4");
  EXPECT_THAT(chart.series[0].x, ElementsAre(5, 10));
  EXPECT_THAT(chart.series[0].y, ElementsAre(70, 75));
  EXPECT_THAT(chart.series[0].low, IsEmpty());
  EXPECT_EQ(chart.series[2].name, "repeat 1");
  EXPECT_THAT(chart.series[2].y, ElementsAre(25, 50));
}

TEST(TrendChart, StandsAgainstTheNumberOfParameters) {
  const Chart chart =
      TrendChart(DeepAndWide(), "accuracy", {.against = "parameters", .by = kLayers});
  EXPECT_THAT(chart.series[0].x, ElementsAre(100, 400));
  EXPECT_THAT(chart.series[2].x, ElementsAre(25, 100));
}

TEST(TrendChart, GivesMeanLowestAndHighestOverSeeds) {
  const std::vector<ComparedRun> runs = {RunOf(1, 5, 1, 0.25), RunOf(2, 5, 1, 0.5),
                                         RunOf(1, 5, 2, 0.75)};
  const Chart chart = TrendChart(runs, "accuracy", {.against = kLayers, .by = ""});
  ASSERT_THAT(chart.series, SizeIs(2));
  EXPECT_THAT(chart.series[0].y, ElementsAre(50, 50));
  EXPECT_THAT(chart.series[0].low, ElementsAre(25, 50));
  EXPECT_THAT(chart.series[0].high, ElementsAre(75, 50));
}

TEST(TrendChart, TakesTheValidationSplitWhereSomeRunHasNoTest) {
  auto runs = DeepAndWide();
  runs[1].history = History();
  runs[1].history.OnEvaluation(Judged("validation", 0.8));
  const Chart chart = TrendChart(runs, "accuracy", {.against = kUnits, .by = kLayers});
  EXPECT_EQ(chart.y_label, "validation accuracy (%)");
  EXPECT_THAT(chart.series[2].y, ElementsAre(90, 80));
}

TEST(TrendChart, NamesTheFieldsInWhichRunsDiffer) {
  EXPECT_THAT(MessageOf(ExitCode::kUsage,
                        [] { TrendChart(DeepAndWide(), "loss", {.against = "seed", .by = ""}); }),
              HasSubstr("the runs do not differ in this field; they differ in: "
                        "model.hidden.repeat, model.hidden.linear.units"));
}

TEST(TrendChart, RefusesToTakeTheMeanOfRunsThatDifferInMoreThanTheirSeed) {
  EXPECT_THAT(MessageOf(ExitCode::kUsage,
                        [] { TrendChart(DeepAndWide(), "loss", {.against = kUnits, .by = ""}); }),
              HasSubstr("stand at one place, but they differ in model.hidden.repeat"));
}

}  // namespace
}  // namespace seve
