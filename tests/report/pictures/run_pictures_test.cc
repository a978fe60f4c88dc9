#include "report/pictures/run_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/temporary_folder.h"
#include "report/a_run.h"

namespace seve {
namespace {

using testing::UnorderedElementsAre;

class RunPicturesTest : public testing::Test {
 protected:
  // The names of the PNG files there.
  [[nodiscard]] std::set<std::string> Drawn() const {
    std::set<std::string> names;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path(), missing)) {
      if (entry.path().extension() == ".png") names.insert(entry.path().stem().string());
    }
    return names;
  }

  TemporaryFolder folder_;
  RunPictures pictures_{folder_.path()};
};

PredictionsEvent Regression(int64_t inputs, int64_t outputs) {
  PredictionsEvent event;
  event.split = "test";
  event.input = {inputs};
  event.output = {outputs};
  for (const float x : {2.0F, 0.0F, 1.0F}) {
    Prediction sample;
    sample.input.assign(static_cast<size_t>(inputs), x);
    sample.target.assign(static_cast<size_t>(outputs), x * x);
    sample.output.assign(static_cast<size_t>(outputs), x);
    event.random.push_back(sample);
  }
  return event;
}

TEST_F(RunPicturesTest, OfTheStartAreTheModel) {
  pictures_.OnStart(MlpSummary());
  EXPECT_THAT(Drawn(), UnorderedElementsAre("model"));
}

TEST_F(RunPicturesTest, OfOneInputAndOneOutputAreTheFit) {
  pictures_.OnPredictions(Regression(1, 1));
  EXPECT_THAT(Drawn(), UnorderedElementsAre("fit"));
}

TEST_F(RunPicturesTest, OfOtherSmallRegressionAreSaidAgainstTrue) {
  pictures_.OnPredictions(Regression(3, 2));
  EXPECT_THAT(Drawn(), UnorderedElementsAre("predictions"));
}

TEST_F(RunPicturesTest, OfClassesThatAreNoPicturesHaveNone) {
  PredictionsEvent event = Regression(2, 2);
  event.class_names = {"a", "b"};
  for (Prediction& sample : event.random) sample.truth = sample.said = 0;
  pictures_.OnPredictions(event);
  EXPECT_THAT(Drawn(), UnorderedElementsAre());
}

TEST_F(RunPicturesTest, OfAFirstConvolutionAreItsResponses) {
  PredictionsEvent event = Regression(12, 40);
  event.input = {3, 2, 2};
  event.responses = {
      .layer = "conv1", .shape = {20, 1, 2}, .given = {2, std::vector<float>(40, 1)}};
  pictures_.OnPredictions(event);
  EXPECT_THAT(Drawn(), UnorderedElementsAre("responses"));
}

TEST_F(RunPicturesTest, OfLargeRegressionHaveNone) {
  pictures_.OnPredictions(Regression(3, 40));
  EXPECT_THAT(Drawn(), UnorderedElementsAre());
}

TEST_F(RunPicturesTest, HaveTheSurface) {
  pictures_.OnSurface({.x_name = "a",
                       .y_name = "b",
                       .x = {0, 1},
                       .y = {0, 1},
                       .loss = {1, 2, 3, 4},
                       .path_x = {0, 1},
                       .path_y = {0, 1}});
  EXPECT_THAT(Drawn(), UnorderedElementsAre("surface"));
}

TEST_F(RunPicturesTest, HaveNoSurfaceOfARunThatMadeNoWay) {
  SurfaceEvent event;
  event.x = event.y = {0, 1};
  event.loss = {1, 2, 3, 4};
  event.path_x = event.path_y = {0};
  pictures_.OnSurface(event);
  EXPECT_THAT(Drawn(), UnorderedElementsAre());
}

TEST_F(RunPicturesTest, HaveStatisticsAtTheEndEvenOfEqualValues) {
  StatisticsEvent event;
  ParameterStatistics parameter;
  parameter.layer = "hidden";
  parameter.parameter = "weight";
  parameter.values.histogram = {7, 0};
  parameter.gradient = parameter.values;
  event.parameters = {parameter};
  pictures_.OnStatistics(event);
  pictures_.OnEnd(DoneAt(1, 1));
  EXPECT_THAT(Drawn(),
              UnorderedElementsAre("gradients", "histograms-gradients", "histograms-values"));
}

TEST_F(RunPicturesTest, OfFrozenParametersHaveNoGradients) {
  StatisticsEvent event;
  ParameterStatistics parameter;
  parameter.parameter = "weight";
  parameter.values.histogram = {7, 0};
  event.parameters = {parameter};
  pictures_.OnStatistics(event);
  pictures_.OnEnd(DoneAt(1, 1));
  EXPECT_THAT(Drawn(), UnorderedElementsAre("histograms-values"));
}

}  // namespace
}  // namespace seve
