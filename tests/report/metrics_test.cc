#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "report/a_run.h"
#include "report/metrics_csv.h"
#include "report/metrics_jsonl.h"
#include "report/observers.h"

namespace seve {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class Metrics : public testing::Test {
 protected:
  [[nodiscard]] std::vector<json> Objects() const {
    std::istringstream lines(ReadFile(jsonl_));
    std::vector<json> objects;
    for (std::string line; std::getline(lines, line);) objects.push_back(json::parse(line));
    return objects;
  }
  [[nodiscard]] std::vector<std::string> Trace() const {
    std::vector<std::string> trace;
    for (const json& object : Objects()) {
      trace.push_back(object["event"].get<std::string>() + " " + object["step"].dump());
    }
    return trace;
  }
  void WriteARun(std::optional<int64_t> resumed_at) {
    MetricsJsonl jsonl(jsonl_, resumed_at);
    MetricsCsv csv(csv_, resumed_at);
    const int64_t first = resumed_at.value_or(0) + 250;
    for (int64_t step = first; step <= 1500; step += 250) {
      jsonl.OnStep(StepAt(step, 1));
      if (step % 750 != 0) continue;
      jsonl.OnEvaluation(ValidationAt(step, 2));
      csv.OnEpoch(EpochAt(step, 2));
      jsonl.OnCheckpoint({step, static_cast<double>(step) / 750, "checkpoints/x", 0.125, 0.25, 3});
    }
    jsonl.OnEnd(DoneAt(1500, 4));
  }

  TemporaryFolder folder_;
  std::string jsonl_ = folder_.File("metrics.jsonl"), csv_ = folder_.File("metrics.csv");
};

TEST_F(Metrics, JsonLinesHoldEveryFieldOfTheirEvent) {
  WriteARun(std::nullopt);
  const auto objects = Objects();
  EXPECT_EQ(objects[0], json::parse(R"({"event":"step","step":250,"epoch":0.3333333333333333,
      "loss":0.0812,"accuracy":0.9761,"learning_rate":0.1,"samples_per_second":412300.0,
      "seconds":1.0})"));
  EXPECT_EQ(objects[3], json::parse(R"({"event":"evaluation","step":750,"epoch":1.0,
      "split":"validation","loss":0.0911,"accuracy":0.972,"samples":12000,"improved":true,
      "train_loss":0.0812,"train_accuracy":0.9761,"learning_rate":0.1,
      "samples_per_second":900000.0,"train_samples_per_second":412300.0,"seconds":2.0})"));
  EXPECT_EQ(objects[4], json::parse(R"({"event":"checkpoint","step":750,"epoch":1.0,
      "path":"checkpoints/x","pause_seconds":0.125,"write_seconds":0.25,"seconds":3.0})"));
  EXPECT_EQ(objects.back(), json::parse(R"({"event":"end","step":1500,"epoch":2.0,"exit_code":0,
      "reason":"done","test_loss":0.0712,"test_accuracy":0.9792,"best_validation_loss":0.0755,
      "best_validation_accuracy":0.9783,"best_step":6000,"restored_best":false,
      "model":"runs/mnist_mlp/checkpoints/step-000007500/model.safetensors",
      "samples_per_second":412300.0,"train_seconds":4.0,"seconds":4.0})"));
}

TEST_F(Metrics, BeginWithWhatTheRunIsAndWhereItRuns) {
  RunSummary summary = MlpSummary();
  MetricsJsonl(jsonl_, std::nullopt).OnStart(summary);
  summary.resumed_at_step = 750;
  MetricsJsonl(jsonl_, 750).OnStart(summary);
  EXPECT_THAT(Trace(), ElementsAre("start 0", "start 750"));
  const json start = Objects()[0];
  EXPECT_EQ(start["optimizer"], "sgd, momentum 0.9");
  EXPECT_EQ(start["parameters"], 159010);
  EXPECT_EQ(start["transport"], "shared memory");
  EXPECT_EQ(start["layers"][1], json::parse(R"({"name":"hidden","kind":"linear",
      "inputs":"flatten_1","parameters":157000,"frozen":false,"output":[200]})"));
  EXPECT_THAT(start["started"], testing::MatchesRegex("20..-..-..T..:..:..Z"));
  for (const char* fact : {"version", "commit", "host", "processor"}) {
    EXPECT_TRUE(start[fact].is_string()) << fact;
  }
  EXPECT_FALSE(start.contains("resumed_at_step"));
  EXPECT_EQ(Objects()[1]["resumed_at_step"], 750);
}

TEST_F(Metrics, HaveEachMetricByItsNameAndTheConfusionOfTheTestSet) {
  MetricsJsonl jsonl(jsonl_, std::nullopt);
  auto event = ValidationAt(750, 1);
  event.metrics = {{"top_5", 0.99}};
  event.confusion = {{"cat", "dog"}, {3, 1, 0, 4}};
  jsonl.OnEvaluation(event);
  jsonl.OnEnd(DoneAt(750, 1));
  event.split = "test";
  jsonl.OnEvaluation(event);
  jsonl.OnEnd(DoneAt(750, 1));
  const auto objects = Objects();
  EXPECT_EQ(objects[0]["top_5"], 0.99);
  EXPECT_FALSE(objects[0].contains("confusion"));
  EXPECT_EQ(objects[1]["confusion"], json::parse("[[3, 1], [0, 4]]"));
  EXPECT_EQ(objects[2]["confusion"], json::parse("[[3, 1], [0, 4]]"));
  EXPECT_EQ(objects[2]["class_names"], json::parse(R"(["cat", "dog"])"));
  EXPECT_FALSE(objects[3].contains("confusion"));
}

TEST_F(Metrics, LeaveOutTheConfusionOfManyClasses) {
  auto event = ValidationAt(750, 1);
  event.split = "test";
  event.confusion = {std::vector<std::string>(21, "x"), std::vector<double>(21 * 21)};
  MetricsJsonl(jsonl_, std::nullopt).OnEvaluation(event);
  EXPECT_FALSE(Objects()[0].contains("confusion"));
}

TEST_F(Metrics, SayWhatACheckpointIsBetterBy) {
  CheckpointEvent event{750, 1, "checkpoints/x", 0.125, 0.25, 3};
  event.improvement = {.metric = "accuracy", .from = 0.25, .to = 0.5};
  MetricsJsonl(jsonl_, std::nullopt).OnCheckpoint(event);
  EXPECT_EQ(Objects()[0]["improvement"],
            json::parse(R"({"metric":"accuracy","from":0.25,"to":0.5})"));
}

TEST_F(Metrics, HaveALineForTheValuesAndTheGradientOfEachParameter) {
  const TensorStatistics tensor{.count = 4,
                                .non_zero = 3,
                                .mean = 1.5,
                                .deviation = 0.5,
                                .mean_absolute = 1.5,
                                .minimum = 1,
                                .maximum = 2,
                                .histogram = {1, 3}};
  MetricsJsonl(jsonl_, std::nullopt)
      .OnStatistics(
          {.step = 7,
           .epoch = 1,
           .seconds = 2,
           .parameters = {{"hidden", "weight", tensor, tensor}, {"hidden", "bias", tensor, {}}}});
  const auto objects = Objects();
  ASSERT_EQ(objects.size(), 3u);
  EXPECT_EQ(objects[1], json::parse(R"({"event":"statistics","step":7,"epoch":1.0,
      "parameter":"hidden.weight","of":"gradient","count":4,"non_zero":3,"mean":1.5,
      "deviation":0.5,"mean_absolute":1.5,"minimum":1.0,"maximum":2.0,"histogram":[1,3],
      "seconds":2.0})"));
  EXPECT_EQ(objects[2]["parameter"], "hidden.bias");
}

TEST_F(Metrics, LossesAreWrittenToTheLastBit) {
  MetricsJsonl jsonl(jsonl_, std::nullopt);
  auto event = StepAt(1, 1);
  event.loss = 0.1 + 0.2;
  jsonl.OnStep(event);
  EXPECT_EQ(Objects()[0]["loss"].get<double>(), 0.1 + 0.2);
}

TEST_F(Metrics, StepsThatAreNotDueAreNotWritten) {
  MetricsJsonl jsonl(jsonl_, std::nullopt);
  auto event = StepAt(1, 1);
  event.log = false;
  jsonl.OnStep(event);
  EXPECT_TRUE(Objects().empty());
}

TEST_F(Metrics, ALineCanBeReadAsSoonAsItIsWritten) {
  MetricsJsonl jsonl(jsonl_, std::nullopt);
  jsonl.OnStep(StepAt(1, 1));
  EXPECT_EQ(Objects().size(), 1u);
}

TEST_F(Metrics, WhatIsNotFiniteIsNullAndMarkedInJson) {
  MetricsJsonl jsonl(jsonl_, std::nullopt);
  auto event = StepAt(1, 1);
  event.loss = std::nan("");
  event.accuracy.reset();
  jsonl.OnStep(event);
  const json object = Objects()[0];
  EXPECT_TRUE(object["loss"].is_null());
  EXPECT_EQ(object["non_finite"], true);
  EXPECT_FALSE(object.contains("accuracy"));
}

TEST_F(Metrics, CsvHasALineForEachEpoch) {
  WriteARun(std::nullopt);
  EXPECT_EQ(ReadFile(csv_),
            "epoch,step,seconds,learning_rate,train_loss,train_accuracy,validation_loss,"
            "validation_accuracy,samples_per_second\n"
            "1,750,2.000,0.1,0.0812,0.9761,0.0911,0.972,412300.0\n"
            "2,1500,2.000,0.1,0.0812,0.9761,0.0911,0.972,412300.0\n");
}

TEST_F(Metrics, CsvCellsAreEmptyWhereThereIsNoFigure) {
  MetricsCsv csv(csv_, std::nullopt);
  auto event = EpochAt(750, 2);
  event.train_loss = INFINITY;
  event.train_accuracy.reset();
  event.validation->accuracy.reset();
  csv.OnEpoch(event);
  event.validation.reset();
  csv.OnEpoch(event);
  EXPECT_THAT(ReadFile(csv_), testing::EndsWith("second\n1,750,2.000,0.1,inf,,0.0911,,412300.0\n"
                                                "1,750,2.000,0.1,inf,,,,412300.0\n"));
}

TEST_F(Metrics, OfAResumedRunEqualThoseOfAnUndisturbedOne) {
  WriteARun(std::nullopt);
  const std::string jsonl = ReadFile(jsonl_), csv = ReadFile(csv_);
  WriteARun(750);
  EXPECT_EQ(ReadFile(jsonl_), jsonl);
  EXPECT_EQ(ReadFile(csv_), csv);
}

TEST_F(Metrics, OfAnInterruptedRunLoseLaterLinesEndsAndHalfALine) {
  const std::string end = R"({"event":"end","step":500,"epoch":1})"
                          "\n";
  const std::string stranger = "a note\n";
  const auto step = [](int number) {
    return R"({"event":"step","step":)" + std::to_string(number) + "}\n";
  };
  const std::string all = step(250) + end + stranger + step(500) + step(750) + R"({"event":"st)";
  WriteFileDurably(jsonl_, BytesOf(all));
  MetricsJsonl(jsonl_, 500);
  EXPECT_EQ(ReadFile(jsonl_), step(250) + stranger + step(500));

  WriteFileDurably(csv_, BytesOf("epoch,step\n1,500,3\n2,1000,3\n3,15"));
  MetricsCsv(csv_, 500);
  EXPECT_EQ(ReadFile(csv_), "epoch,step\n1,500,3\n");
}

TEST_F(Metrics, AreBegunAnewWhereThereWereNone) {
  MetricsJsonl(jsonl_, 500);
  MetricsCsv(csv_, 500);
  EXPECT_EQ(ReadFile(jsonl_), "");
  EXPECT_THAT(ReadFile(csv_), testing::StartsWith("epoch,step,"));
}

TEST_F(Metrics, OfAStartWithoutResumptionReplaceOldOnes) {
  WriteARun(std::nullopt);
  MetricsJsonl(jsonl_, std::nullopt);
  EXPECT_EQ(ReadFile(jsonl_), "");
}

TEST_F(Metrics, ThatCannotBeWrittenAreADataErrorWithTheReason) {
  EXPECT_THAT(MessageOf(ExitCode::kData, [&] { MetricsCsv(folder_.File("no/m.csv"), {}); }),
              HasSubstr("no/m.csv: No such file or directory"));
  MetricsJsonl full("/dev/full", std::nullopt);
  EXPECT_EQ(MessageOf(ExitCode::kData, [&] { full.OnStep(StepAt(1, 1)); }),
            "cannot write /dev/full: No space left on device");
}

TEST_F(Metrics, ThatCannotBeWrittenAreToldOnceAndLetTrainingGoOn) {
  std::vector<std::string> told;
  PatientObserver patient(std::make_unique<MetricsJsonl>("/dev/full", std::nullopt),
                          [&](const std::string& text) { told.push_back(text); });
  for (int64_t step = 1; step <= 3; ++step) patient.OnStep(StepAt(step, 1));
  EXPECT_THAT(told, ElementsAre("cannot write /dev/full: No space left on device; something of it "
                                "is lost, training goes on"));
}

// Fails as the standard library does where a caller forgets an error_code.
class UnreadableFolder : public RunObserver {
 public:
  void OnStep(const StepEvent&) override {
    throw std::filesystem::filesystem_error("cannot list", "runs/one",
                                            std::make_error_code(std::errc::io_error));
  }
};

TEST(PatientObserver, OutlastsErrorsOfTheStandardLibrarysFileSystem) {
  std::vector<std::string> told;
  PatientObserver patient(std::make_unique<UnreadableFolder>(),
                          [&](const std::string& text) { told.push_back(text); });
  for (int64_t step = 1; step <= 3; ++step) patient.OnStep(StepAt(step, 1));
  EXPECT_THAT(told, ElementsAre(HasSubstr("runs/one")));
}

TEST_F(Metrics, StandInTheRunDirectory) {
  const RunDirectory directory(folder_.path(), ExistingRun::kRefuse);
  const auto observers = FileObservers(directory, {}, std::nullopt, [](const std::string&) {});
  EXPECT_EQ(observers.size(), 6u);
  for (const auto& observer : observers) {
    observer->OnEvaluation(ValidationAt(750, 2));
    observer->OnEpoch(EpochAt(750, 2));
  }
  EXPECT_THAT(Trace(), ElementsAre("evaluation 750"));
  EXPECT_THAT(ReadFile(csv_), HasSubstr("\n1,750,"));
}

}  // namespace
}  // namespace seve
