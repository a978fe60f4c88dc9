#include "report/run_report/run_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "report/a_run.h"
#include "report/metrics_jsonl.h"
#include "report/pictures/run_pictures.h"

namespace seve {
namespace {

using testing::HasSubstr;
using testing::Not;

PredictionsEvent TwoPredictions() {
  PredictionsEvent event;
  event.split = "test";
  event.input = {1, 2, 2};
  event.output = {2};
  event.class_names = {"<cat>", "dog"};
  Prediction right;
  right.input = {0, 1, 1, 0};
  right.output = {0.9F, 0.1F};
  right.truth = right.said = 0;
  Prediction wrong = right;
  wrong.truth = 1;
  event.best = {right};
  event.worst = {wrong};
  event.random = {right, wrong};
  return event;
}

class RunReportTest : public testing::Test {
 protected:
  void SetUp() override {
    MakeFolders(run_);
    WriteFileAtomically(run_ + "/config.textproto", "# <script>alert(\"1\")</script>\n");
  }
  void TellTo(RunObserver& observer, bool ends) const {
    RunSummary summary = MlpSummary();
    summary.layers[1].name = "<b>hidden</b>";
    summary.layers[2].inputs = "<b>hidden</b>";
    observer.OnStart(summary);
    for (int64_t step = 250; step <= 1500; step += 250) observer.OnStep(StepAt(step, 1));
    observer.OnEvaluation(ValidationAt(750, 10));
    EvaluationEvent test = ValidationAt(1500, 20);
    test.split = "test";
    test.confusion = {{"<cat>", "dog"}, {3, 1, 0, 4}};
    observer.OnEvaluation(test);
    CheckpointEvent checkpoint;
    checkpoint.pause_seconds = 0.004;
    observer.OnCheckpoint(checkpoint);
    observer.OnPredictions(TwoPredictions());
    if (ends) observer.OnEnd(DoneAt(1500, 21));
  }
  [[nodiscard]] std::string Report(bool ends = true) const {
    MetricsJsonl jsonl(run_ + "/metrics.jsonl", std::nullopt);
    RunPictures pictures(run_ + "/pictures");
    TellTo(jsonl, ends);
    TellTo(pictures, ends);
    WriteReport(run_);
    return ReadFile(run_ + "/report.html");
  }

  TemporaryFolder folder_;
  std::string run_ = folder_.File("a&b");
};

TEST_F(RunReportTest, SaysWhatBecameOfTheRun) {
  const std::string page = Report();
  for (const char* text : {"97.20 %", "Done, after 1,500 steps", "159,010", "412,300 samples/s",
                           "4.0 ms each", "2 CPU ranks on node1", "MNIST from /data/mnist"}) {
    EXPECT_THAT(page, HasSubstr(text));
  }
}

TEST_F(RunReportTest, SaysOnceThatTheRunEndedEarly) {
  EndEvent end = DoneAt(1500, 21);
  end.reason = "stopped early: validation loss has not improved";
  MetricsJsonl(run_ + "/metrics.jsonl", std::nullopt).OnEnd(end);
  EXPECT_THAT(ReportPage(RunRecord(run_), ""),
              HasSubstr("Ended early: validation loss has not improved, after 1,500 steps"));
}

TEST_F(RunReportTest, EscapesWhatUsersNamed) {
  const std::string page = Report();
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<b>hidden")));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;hidden&lt;/b&gt;"));
  EXPECT_THAT(page, HasSubstr("<title>Sève: a&amp;b</title>"));
}

TEST_F(RunReportTest, NeedsNothingBesideItself) {
  const std::string page = Report();
  EXPECT_FALSE(std::regex_search(page, std::regex("https?://")));
  EXPECT_FALSE(std::regex_search(page, std::regex("src=\"(?!data:)")));
  EXPECT_FALSE(std::regex_search(page, std::regex("href=\"(?!#|data:)")));
  EXPECT_FALSE(std::regex_search(page, std::regex("url\\((?!#|data:)")));
}

TEST_F(RunReportTest, ShowsThePicturesThatAreThere) {
  const std::string page = Report();
  for (const char* caption : {"How often each class", "Mistakes in which", "drawn at random"}) {
    EXPECT_THAT(page, HasSubstr(caption));
  }
  EXPECT_THAT(page, Not(HasSubstr("the model made of it")));
}

TEST_F(RunReportTest, OfARunThatGoesOnSaysSo) {
  EXPECT_THAT(Report(false), HasSubstr("Not ended yet: 2 of 10 epochs"));
}

TEST_F(RunReportTest, WithoutMetricsNamesTheFile) {
  EXPECT_THAT(MessageOf(ExitCode::kData, [&] { WriteReport(run_); }), HasSubstr("metrics.jsonl"));
}

}  // namespace
}  // namespace seve
