#include "comm/activity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "comm/threads/run_threads.h"
#include "comm/waiter.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Activity, SaysWhereARankIs) {
  Activity activity;
  EXPECT_EQ(activity.Read().Text(), "start-up");
  activity.EnterSection("start", 120);
  activity.EnterPhase("data");
  EXPECT_EQ(activity.Read().Text(), "start, data");
  activity.EnterSection("step", 60);
  EXPECT_EQ(activity.Read().Text(), "step");
  activity.SetStep(57);
  EXPECT_EQ(activity.Read().Text(), "step 57");
  activity.EnterPhase("backward");
  EXPECT_EQ(activity.Read().Text(), "step 57, backward");
  activity.EnterSection("evaluation", 600);
  EXPECT_EQ(activity.Read().Text(), "evaluation, step 57");
}

TEST(Activity, EveryCallIsAChange) {
  Activity activity;
  uint64_t before = activity.Read().changes;
  const auto changed = [&] {
    const uint64_t now = activity.Read().changes;
    return std::exchange(before, now) != now;
  };
  EXPECT_FALSE(changed());
  activity.EnterSection("step", 60);
  EXPECT_TRUE(changed());
  activity.SetStep(3);
  EXPECT_TRUE(changed());
  activity.SetStep(3);
  EXPECT_TRUE(changed());
  activity.EnterPhase("forward");
  EXPECT_TRUE(changed());
  activity.SetWaiting(true);
  EXPECT_TRUE(changed());
  activity.SetWatched(true);
  EXPECT_TRUE(changed());
  EXPECT_FALSE(changed());
}

TEST(Activity, MayBeReadWhileItIsWritten) {
  Activity activity;
  std::thread writer([&] {
    for (int64_t step = 0; step < 100000; ++step) {
      activity.SetStep(step);
      activity.EnterPhase(step % 2 == 0 ? "forward" : "backward");
    }
  });
  int64_t last = Activity::kNoStep;
  while (last < 99999) {
    const int64_t step = activity.Read().step;
    ASSERT_GE(step, last);
    last = step;
  }
  writer.join();
}

TEST(WaitingMark, GivesBackWhatItFound) {
  Activity activity;
  {
    const WaitingMark outer(activity);
    { const WaitingMark inner(activity); }
    EXPECT_TRUE(activity.waiting());
  }
  EXPECT_FALSE(activity.waiting());
}

TEST(Communicator, SetDeadlineEntersTheSection) {
  RunThreads(2, [](Communicator& comm) {
    comm.activity().EnterPhase("forward");
    comm.SetDeadline(30, "evaluation");
    const Activity::Reading reading = comm.activity().Read();
    EXPECT_STREQ(reading.section, "evaluation");
    EXPECT_STREQ(reading.phase, "");
    EXPECT_EQ(reading.deadline, 30);
  });
}

struct Wait {
  std::string message;
  double seconds;
};

// Waits in vain for rank 5.
Wait WaitInVain(Activity& activity) {
  const Waiter waiter(activity, {.rank = 0,
                                 .oversubscribed = true,
                                 .describe = [](int rank) { return "r" + std::to_string(rank); },
                                 .while_waiting = [&] { EXPECT_TRUE(activity.waiting()); }});
  const Stopwatch watch;
  try {
    waiter.Until(
        "Barrier", [] { return false; }, [] { return std::vector<int>{5}; });
  } catch (const Error& error) {
    return {error.what(), watch.Seconds()};
  }
  return {};
}

TEST(Waiter, NamesItsOwnStepAndMarksTheWait) {
  Activity activity;
  activity.EnterSection("step", 0.01);
  activity.SetStep(57);
  activity.EnterPhase("sum of gradients");
  EXPECT_THAT(WaitInVain(activity).message,
              AllOf(StartsWith("step 57, sum of gradients: r0 waited"), HasSubstr("for r5"),
                    HasSubstr("deadline of 0.01 s")));
  EXPECT_FALSE(activity.waiting());
}

TEST(Waiter, LeavesTheWatchdogASecondToSpeakFirst) {
  Activity activity;
  activity.EnterSection("step", 0.01);
  activity.SetWatched(true);
  EXPECT_GE(WaitInVain(activity).seconds, 1.0);
}

TEST(Waiter, ShortWaitsLeaveNoMark) {
  Activity activity;
  const uint64_t before = activity.Read().changes;
  const Waiter waiter(activity, {.describe = nullptr, .while_waiting = nullptr});
  int asked = 0;
  waiter.Until(
      "Barrier", [&] { return ++asked > 10; }, [] { return std::vector<int>{}; });
  EXPECT_EQ(activity.Read().changes, before);
}

}  // namespace
}  // namespace seve
