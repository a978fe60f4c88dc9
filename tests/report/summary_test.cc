#include "report/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "report/a_run.h"

namespace seve {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string SummaryOf(const EndEvent& end) {
  std::ostringstream out;
  Summary summary(out, Pipe);
  summary.OnStart(MlpSummary());
  EvaluationEvent test;
  test.split = "test";
  test.samples = 10000;
  summary.OnEvaluation(test);
  summary.OnEnd(end);
  return out.str();
}

TEST(Summary, SaysHowLongHowGoodAndWhereEverythingIs) {
  EXPECT_EQ(SummaryOf(DoneAt(7500, 29.4)), R"(
Done
trained    7,500 steps (10 epochs) in 29.4 s, training at 412,300 samples/s
validation accuracy 97.83 %, loss 0.0755 (best, step 6,000)
test       accuracy 97.92 %, loss 0.0712 (10,000 samples)
model      runs/mnist_mlp/checkpoints/step-000007500/model.safetensors
metrics    runs/mnist_mlp/metrics.jsonl
)");
}

TEST(Summary, GoesOnWhereItCannotLookForTheReport) {
  const TemporaryFolder folder;
  RunSummary start = MlpSummary();
  start.run_directory = folder.File("loop");
  std::filesystem::create_symlink("loop", start.run_directory);
  std::ostringstream out;
  Summary summary(out, Pipe);
  summary.OnStart(start);
  summary.OnEnd(DoneAt(7500, 29.4));
  EXPECT_THAT(out.str(), Not(HasSubstr("report")));
}

TEST(Summary, GivesTheReasonOfAnEarlyEnd) {
  EndEvent end;
  end.step = 1;
  end.epoch = 1.0 / 750;
  end.exit_code = static_cast<int>(ExitCode::kNumerical);
  end.reason = "loss became non-finite";
  const std::string text = SummaryOf(end);
  EXPECT_THAT(text, HasSubstr("\nFailed: loss became non-finite\n"));
  EXPECT_THAT(text, HasSubstr("trained    1 step (0.00 epochs) in 0.0 s\n"));
  EXPECT_THAT(text, Not(HasSubstr("validation")));
  EXPECT_THAT(text, Not(HasSubstr("model")));

  end.exit_code = static_cast<int>(ExitCode::kStopped);
  end.reason = "stopped on request";
  EXPECT_THAT(SummaryOf(end), HasSubstr("\nStopped on request; "));
}

}  // namespace
}  // namespace seve
