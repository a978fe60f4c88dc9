#include "report/steady_speed.h"

#include <gtest/gtest.h>

#include "report/a_run.h"

namespace seve {
namespace {

// Steps that were logged, with the speed of those since the one before. An epoch has 750.
struct Logged {
  int64_t step;
  double speed;
};

History RunOf(const std::vector<Logged>& steps, std::optional<int64_t> resumed_at = std::nullopt) {
  History history;
  RunSummary summary = MlpSummary();
  summary.resumed_at_step = resumed_at;
  history.OnStart(summary);
  for (const Logged& logged : steps) {
    StepEvent event = StepAt(logged.step, 1);
    event.samples_per_second = logged.speed;
    history.OnStep(event);
  }
  return history;
}

TEST(SteadySpeed, IsThatOfTheTimeThatTheStepsAfterTheFirstEpochTook) {
  // 250 steps of the time 250 / 200, then 500 of the time 500 / 400: 750 steps in 2.5.
  EXPECT_EQ(SteadySpeed(RunOf({{375, 1}, {750, 1}, {1000, 200}, {1500, 400}})), 300);
}

TEST(SteadySpeed, LeavesOutStepsThatBeganInTheFirstEpoch) {
  EXPECT_EQ(SteadySpeed(RunOf({{700, 1}, {800, 2}, {1500, 400}})), 400);
}

TEST(SteadySpeed, LeavesOutTheFirstLoggedStepsOfAShortRun) {
  EXPECT_EQ(SteadySpeed(RunOf({{250, 1}, {500, 200}, {750, 200}})), 200);
  EXPECT_EQ(SteadySpeed(RunOf({{250, 100}})), 100);
}

TEST(SteadySpeed, IsThatOfTheLatestStart) {
  // The first epoch of the second start ends at 1750.
  EXPECT_EQ(SteadySpeed(RunOf({{500, 1}, {1000, 1}, {1750, 2}, {2500, 50}}, 1000)), 50);
}

TEST(SteadySpeed, IsUnknownWhereNoStepWasLogged) {
  EXPECT_EQ(SteadySpeed(RunOf({})), std::nullopt);
  EXPECT_EQ(SteadySpeed(RunOf({{500, 1}}, 750)), std::nullopt);
}

}  // namespace
}  // namespace seve
