#include "report/scaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "report/a_run.h"
#include "report/scaling_figure.h"
#include "report/scaling_table.h"

namespace seve {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ComparedRun RunOf(int ranks, double speed, double rate = 0.1, uint64_t seed = 1, int per_rank = 0) {
  ComparedRun run;
  run.name = "runs/" + std::to_string(ranks);
  run.config.set_seed(seed);
  run.config.mutable_optimizer()->mutable_sgd()->set_learning_rate(static_cast<float>(rate));
  if (per_rank > 0) {
    run.config.mutable_batch()->set_size_per_rank(per_rank);
  } else {
    run.config.mutable_batch()->set_size(64);
  }
  RunSummary summary = MlpSummary();
  summary.world = ranks;
  summary.batch = per_rank > 0 ? per_rank * ranks : 64;
  run.history.OnStart(summary);
  StepEvent step = StepAt(250, 1);
  step.samples_per_second = speed;
  run.history.OnStep(step);
  return run;
}

// Medians 100, 180 and 320.
std::vector<ComparedRun> Strong() {
  return {RunOf(4, 340, 0.1, 2), RunOf(1, 110),         RunOf(1, 90, 0.1, 2),
          RunOf(2, 180),         RunOf(1, 100, 0.1, 3), RunOf(4, 300)};
}

TEST(Scaling, IsOfMediansAgainstTheFewestRanks) {
  const auto lines = ScalingOf(Strong());
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].Kind(), "strong, batch 64");
  ASSERT_EQ(lines[0].points.size(), 3u);
  const auto& [one, two, four] =
      std::tie(lines[0].points[0], lines[0].points[1], lines[0].points[2]);
  EXPECT_THAT(one.speeds, ElementsAre(DoubleEq(90), DoubleEq(100), DoubleEq(110)));
  EXPECT_EQ(one.median, 100);
  EXPECT_EQ(four.median, 320);
  EXPECT_NEAR(one.spread(), 0.2, 1e-12);
  EXPECT_NEAR(four.spread(), 0.125, 1e-12);
  EXPECT_THAT(two.speedup, DoubleEq(1.8));
  EXPECT_THAT(two.efficiency, DoubleEq(0.9));
  EXPECT_THAT(four.speedup, DoubleEq(3.2));
  EXPECT_THAT(four.efficiency, DoubleEq(0.8));
}

TEST(Scaling, CountsTheRanksBesidesThoseOfALineThatStartsWithSeveral) {
  const auto lines = ScalingOf(std::vector{RunOf(2, 100), RunOf(6, 240)});
  EXPECT_THAT(lines[0].points[1].speedup, DoubleEq(2.4));
  EXPECT_THAT(lines[0].points[1].efficiency, DoubleEq(0.8));
}

TEST(Scaling, IsWeakWhereTheBatchGrowsWithTheRanks) {
  const auto lines = ScalingOf(std::vector{RunOf(1, 100, 0.1, 1, 32), RunOf(1, 50),
                                           RunOf(2, 190, 0.1, 1, 32), RunOf(2, 60)});
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].Kind(), "weak, 32 samples a rank");
  EXPECT_EQ(lines[0].points[1].batch, 64);
  EXPECT_THAT(lines[0].points[1].efficiency, DoubleEq(0.95));
  EXPECT_EQ(lines[1].Kind(), "strong, batch 64");
  EXPECT_THAT(lines[1].points[1].efficiency, DoubleEq(0.6));
}

TEST(Scaling, HasALineForEachSettingNamedByWhatSetsItApart) {
  const auto lines = ScalingOf(std::vector{RunOf(1, 100), RunOf(1, 50, 0.5), RunOf(2, 150)});
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].settings, "learning_rate 0.1");
  EXPECT_EQ(lines[1].settings, "learning_rate 0.5");
  EXPECT_EQ(lines[1].points.size(), 1u);
  EXPECT_TRUE(HasScaling(lines));
  EXPECT_FALSE(HasScaling(std::span(lines).subspan(1)));
}

ComparedRun On(const std::string& device, ComparedRun run) {
  RunSummary summary = *run.history.start();
  summary.device = device;
  run.history.OnStart(summary);
  return run;
}

TEST(Scaling, KeepsCpusAndGpusApart) {
  const std::string whole = "NVIDIA A100-SXM4-40GB (39.4 GiB)";
  const auto lines = ScalingOf(std::vector{
      RunOf(1, 100),
      On("NVIDIA A100-SXM4-40GB MIG 1g.5gb (4.8 GiB), GPU 0, FP32, eager", RunOf(1, 1000)),
      On(whole + ", GPU 0, FP32, eager", RunOf(1, 4000)),
      On(whole + ", GPU 3, FP32, eager", RunOf(1, 4000)),
      On(whole + " on each of 4 ranks, FP32, eager", RunOf(4, 12000))});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].settings, "CPU");
  EXPECT_EQ(lines[1].settings, "NVIDIA A100-SXM4-40GB MIG 1g.5gb");
  EXPECT_EQ(lines[1].points.size(), 1u);
  EXPECT_EQ(lines[2].settings, "NVIDIA A100-SXM4-40GB");
  ASSERT_EQ(lines[2].points.size(), 2u);
  EXPECT_EQ(lines[2].points[0].speeds.size(), 2u);
  EXPECT_THAT(lines[2].points[1].speedup, DoubleEq(3));
}

TEST(Scaling, DoesNotNameTheModelOfGpusThatAllLinesHave) {
  const std::string device = "NVIDIA H200 (139.8 GiB), GPU 0, FP32, eager";
  const auto lines =
      ScalingOf(std::vector{On(device, RunOf(1, 100)), On(device, RunOf(1, 100, 0.5))});
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].settings, "learning_rate 0.1");
}

TEST(Scaling, NamesARunWithoutSpeed) {
  auto runs = Strong();
  runs[2].name = "runs/begun";
  runs[2].history = History();
  EXPECT_EQ(MessageOf(ExitCode::kUsage, [&] { ScalingOf(runs); }),
            "runs/begun: this run has logged no steps, so nobody knows how fast it trained");
}

TEST(ScalingTable, HasARowForEachNumberOfRanks) {
  const std::string text = ScalingTable(ScalingOf(Strong()), Pipe());
  const std::string expected =
      "scaling           ranks  batch  runs  samples/s  spread       step  speed-up  efficiency\n"
      "----------------------------------------------------------------------------------------\n"
      "strong, batch 64      1     64     3        100  20.0 %  640.00 ms      1.00     100.0 %\n"
      "                      2     64     1        180       -  355.56 ms      1.80      90.0 %\n"
      "                      4     64     2        320  12.5 %  200.00 ms      3.20      80.0 %\n";
  EXPECT_THAT(text, testing::StartsWith(expected));
  EXPECT_THAT(text, HasSubstr("against the fewest ranks"));
  EXPECT_THAT(text, Not(HasSubstr("setting  ")));
}

TEST(ScalingCsv, HasAllDigits) {
  EXPECT_EQ(ScalingCsv(ScalingOf(std::vector{RunOf(1, 100), RunOf(3, 200), RunOf(1, 104, 0.1, 2)})),
            "setting,scaling,ranks,batch,runs,samples_per_second,lowest,highest,step_seconds,"
            "speedup,efficiency\n"
            ",strong,1,64,2,102,100,104,0.6274509803921569,1,1\n"
            ",strong,3,64,1,200,200,200,0.32,1.9607843137254901,0.6535947712418301\n");
}

TEST(ScalingCharts, ShowSpeedUpAndEfficiencyBesideWhatIsIdeal) {
  const auto charts = ScalingCharts(ScalingOf(Strong()));
  ASSERT_EQ(charts.size(), 2u);
  const Chart& speedup = charts[0];
  EXPECT_EQ(speedup.title, "Scaling: strong, batch 64");
  EXPECT_THAT(speedup.x_marks, ElementsAre(1, 2, 4));
  EXPECT_THAT(speedup.y_marks, ElementsAre(1, 2, 4));
  EXPECT_EQ(speedup.series[0].name, "ideal");
  EXPECT_THAT(speedup.series[0].y, ElementsAre(1, 4));
  EXPECT_THAT(speedup.series[1].y, ElementsAre(1, DoubleEq(1.8), DoubleEq(3.2)));
  EXPECT_THAT(speedup.series[1].low, ElementsAre(DoubleEq(0.9), DoubleEq(1.8), DoubleEq(3)));
  EXPECT_THAT(charts[1].series[0].y, ElementsAre(100, 100));
  EXPECT_THAT(charts[1].series[1].y, ElementsAre(100, DoubleEq(90), DoubleEq(80)));
  EXPECT_THAT(charts[1].series[1].high, ElementsAre(DoubleEq(110), DoubleEq(90), DoubleEq(85)));
}

TEST(ScalingCharts, StartEachIdealLineWhereItsLineStarts) {
  const auto charts = ScalingCharts(
      ScalingOf(std::vector{RunOf(1, 100), RunOf(4, 300), RunOf(2, 100, 0.5), RunOf(4, 150, 0.5)}));
  EXPECT_THAT(charts[0].series[0].x, ElementsAre(1, 4));
  EXPECT_THAT(charts[0].series[1].x, ElementsAre(2, 4));
  EXPECT_THAT(charts[0].series[1].y, ElementsAre(1, 2));
  EXPECT_EQ(charts[0].series[1].name, "");
  EXPECT_EQ(charts[0].series[2].name, "learning_rate 0.1");
}

}  // namespace
}  // namespace seve
