#include "train/watchdog/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>

#include "base/watch_clock.h"
#include "train/watchdog/link_testing.h"

namespace seve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = Heartbeat::Kind;

constexpr double kSilence = 8;

// The other end of a connection: what a rank says, and that it says nothing more.
class FakeRank {
 public:
  FakeRank(int rank, HeartbeatLink link) : rank_(rank), link_(std::move(link)) {}

  void Say(Kind kind, double unchanged = 0, bool waiting = false) {
    const Activity::Reading where{.section = "step",
                                  .phase = "backward",
                                  .step = 57,
                                  .deadline = 60,
                                  .waiting = waiting,
                                  .changes = 0};
    link_->Send(MakeHeartbeat(kind, 0, rank_, where, unchanged));
  }
  void Die() { link_.reset(); }
  HeartbeatLink& link() { return *link_; }

 private:
  int rank_;
  std::optional<HeartbeatLink> link_;
};

// The watch of `rank` over the others of a small world.
class WatchdogRules : public ::testing::Test {
 protected:
  void Start(int rank, const std::vector<int>& others) {
    activity_.EnterSection("step", 60);
    activity_.SetStep(80);
    std::vector<WatchedRank> watched;
    for (const int other : others) {
      testing::Links links = testing::ConnectLinks();
      descriptors_.push_back(links.ours.descriptor());
      watched.emplace_back("b:rank " + std::to_string(other), std::move(links.ours),
                           activity_.Read());
      fakes_.emplace_back(other, std::move(links.theirs));
    }
    watch_.emplace(Watch::Options{.rank = rank,
                                  .name = "a:rank " + std::to_string(rank),
                                  .token = 7,
                                  .silence = kSilence},
                   activity_, std::move(watched));
  }
  // Reads once the latest words, or the ends, of these have arrived.
  void ReadFrom(const std::vector<size_t>& fakes, double now) {
    for (const size_t fake : fakes) testing::WaitForInput(descriptors_[fake]);
    watch_->Read(now);
  }
  std::vector<std::string> FindingsAt(double now) {
    watch_->Read(now);
    return watch_->Findings(now);
  }

  Activity activity_;
  std::vector<FakeRank> fakes_;
  std::vector<int> descriptors_;
  std::optional<Watch> watch_;
};

TEST_F(WatchdogRules, ABrokenConnectionIsADeath) {
  Start(0, {1, 2});
  fakes_[1].Say(Kind::kBeat);
  ReadFrom({1}, 1);
  EXPECT_THAT(watch_->Findings(1), IsEmpty());
  fakes_[1].Die();
  ReadFrom({1}, 2);
  EXPECT_THAT(
      watch_->Findings(2),
      ElementsAre("b:rank 2 died (its connection broke) when a:rank 0 was at step 80; 1.0 s "
                  "before, it was at step 57 in backward"));
}

TEST_F(WatchdogRules, SilenceIsCountedFromTheLastHeartbeat) {
  Start(3, {0});
  EXPECT_THAT(FindingsAt(7.9), IsEmpty());
  fakes_[0].Say(Kind::kBeat);
  ReadFrom({0}, 8);
  EXPECT_THAT(FindingsAt(16), IsEmpty());
  EXPECT_THAT(
      FindingsAt(16.1),
      ElementsAre("b:rank 0 has not been heard of for 8.1 s: stopped, swapped out or its machine "
                  "is gone; a:rank 3 is at step 80, and it was at step 57 in backward"));
}

TEST_F(WatchdogRules, ARankThatComputesLongerThanItsDeadlineIsStuck) {
  Start(0, {1});
  fakes_[0].Say(Kind::kBeat, 59.9);
  ReadFrom({0}, 1);
  EXPECT_THAT(watch_->Findings(1), IsEmpty());
  fakes_[0].Say(Kind::kBeat, 60.2);
  ReadFrom({0}, 2);
  EXPECT_THAT(
      watch_->Findings(2),
      ElementsAre("b:rank 1 has been in backward of step 57 for 60.2 s (deadlines.step is 60): "
                  "stuck"));
}

TEST_F(WatchdogRules, WhoWaitsIsNotStuck) {
  Start(0, {1});
  activity_.SetStep(57);
  const WaitingMark mark(activity_);
  watch_->Read(1);
  fakes_[0].Say(Kind::kBeat, 100, true);
  ReadFrom({0}, 100);
  EXPECT_THAT(watch_->Findings(100), IsEmpty());
}

TEST_F(WatchdogRules, OfSeveralStuckRanksTheLongestIsNamed) {
  Start(0, {1, 2, 3});
  for (size_t i = 0; i < 3; ++i) fakes_[i].Say(Kind::kBeat, i == 1 ? 63 : 61);
  ReadFrom({0, 1, 2}, 60);
  EXPECT_THAT(watch_->Findings(60), ElementsAre(HasSubstr("rank 2 has been in backward")));
}

TEST_F(WatchdogRules, RankZeroJudgesItself) {
  Start(0, {1});
  fakes_[0].Say(Kind::kBeat);
  ReadFrom({0}, 60);
  EXPECT_THAT(watch_->Findings(60), IsEmpty());
  EXPECT_THAT(FindingsAt(60.5),
              ElementsAre("a:rank 0 has been at step 80 for 60.5 s (deadlines.step is 60): stuck"));
  activity_.EnterPhase("forward");
  EXPECT_THAT(FindingsAt(61), IsEmpty());
}

TEST_F(WatchdogRules, OtherRanksDoNotJudgeWhoIsStuck) {
  Start(1, {0});
  fakes_[0].Say(Kind::kBeat, 100);
  ReadFrom({0}, 100);
  EXPECT_THAT(watch_->Findings(100), IsEmpty());
}

TEST_F(WatchdogRules, WhoLeftTooEarlyIsNamedAfterTheSilence) {
  Start(0, {1});
  fakes_[0].Say(Kind::kGoodbye);
  fakes_[0].Die();
  ReadFrom({0}, 1);
  EXPECT_THAT(FindingsAt(9), IsEmpty());
  EXPECT_THAT(FindingsAt(9.1),
              ElementsAre("b:rank 1 left the training at step 57 while a:rank 0 is at step 80"));
}

TEST_F(WatchdogRules, ADeathAfterAGoodbyeMayBeItsConsequence) {
  Start(0, {1, 2});
  fakes_[0].Say(Kind::kGoodbye);
  ReadFrom({0}, 1);
  fakes_[1].Die();
  ReadFrom({1}, 1.1);
  EXPECT_THAT(FindingsAt(9), IsEmpty());
  EXPECT_THAT(FindingsAt(9.1), ElementsAre(HasSubstr("rank 2 died"), HasSubstr("rank 1 left")));
}

TEST_F(WatchdogRules, WhoRaisedTheAlarmMayDie) {
  Start(1, {0});
  fakes_[0].Say(Kind::kAlarm);
  fakes_[0].Die();
  ReadFrom({0}, 1);
  EXPECT_THAT(FindingsAt(9), IsEmpty());
  EXPECT_THAT(FindingsAt(9.1), ElementsAre(HasSubstr("rank 0 found another rank dead, silent")));
}

TEST_F(WatchdogRules, WhoWaitsElsewhereThanTheOthersIsNamedOnceAllWait) {
  Start(0, {1, 2});
  {
    const WaitingMark mark(activity_);
    watch_->Read(1);
    fakes_[0].Say(Kind::kBeat, 8.5, true);
    fakes_[1].Say(Kind::kBeat, 8.5, true);
    ReadFrom({0, 1}, 9);
    EXPECT_THAT(watch_->Findings(9), IsEmpty());
    fakes_[0].Say(Kind::kBeat, 9.5, true);
    fakes_[1].Say(Kind::kBeat, 9.5, false);  // one computes: the others may wait
    ReadFrom({0, 1}, 10);
    EXPECT_THAT(watch_->Findings(10), IsEmpty());
    fakes_[1].Say(Kind::kBeat, 10.5, true);
    ReadFrom({1}, 11);
    EXPECT_THAT(
        watch_->Findings(11),
        ElementsAre("a:rank 0 waits at step 80 while b:rank 1 waits in backward of step 57, "
                    "and nobody computes: they would wait for ever"));
  }
}

TEST_F(WatchdogRules, RanksThatWaitInOnePlaceAreLeftToTheirDeadline) {
  Start(0, {1});
  activity_.SetStep(57);
  const WaitingMark mark(activity_);
  watch_->Read(1);
  fakes_[0].Say(Kind::kBeat, 20, true);
  ReadFrom({0}, 21);
  EXPECT_THAT(watch_->Findings(21), IsEmpty());
}

TEST_F(WatchdogRules, HeartbeatsSayWhereTheRankIs) {
  Start(2, {0});
  activity_.EnterPhase("a phase whose name is longer than a heartbeat holds");
  watch_->Read(3);
  watch_->Send(Kind::kBeat, 5);
  testing::WaitForInput(fakes_[0].link().descriptor());
  const auto heartbeat = fakes_[0].link().Receive();
  ASSERT_TRUE(heartbeat.has_value());
  EXPECT_EQ(heartbeat->token, 7u);
  EXPECT_EQ(heartbeat->rank, 2);
  EXPECT_EQ(heartbeat->unchanged, 2);
  EXPECT_EQ(heartbeat->deadline, 60);
  EXPECT_EQ(heartbeat->reading().Text(), "step 80, a phase whose name is l");
}

TEST_F(WatchdogRules, DescribesWhereEveryRankIs) {
  Start(0, {1, 2, 3});
  fakes_[0].Say(Kind::kBeat, 0, true);
  fakes_[1].Say(Kind::kGoodbye);
  fakes_[2].Die();
  ReadFrom({0, 1, 2}, 4);
  EXPECT_EQ(watch_->Describe(4.5),
            "a:rank 0: step 80; unchanged for 4.5 s\n"
            "b:rank 1: step 57, backward, waiting; heard of 0.5 s ago\n"
            "b:rank 2: step 57, backward, left; heard of 0.5 s ago\n"
            "b:rank 3: step 80, connection broken; heard of 4.5 s ago");
}

TEST(WatchdogVerdict, NamesSectionsAndPlacesWithoutSteps) {
  const Activity::Reading start{.section = "start", .phase = "data", .deadline = 120};
  EXPECT_EQ(StuckVerdict({"a:rank 0", start}, 121),
            "a:rank 0 has been in start, data for 121.0 s (deadlines.start is 120): stuck");
  EXPECT_EQ(
      DiedVerdict({"a:rank 0", start}, 0.2, {"a:rank 1", start}),
      "a:rank 0 died (its connection broke) when a:rank 1 was in start, data; 0.2 s before, it "
      "was in start, data");
  const Activity::Reading end{.section = "end", .step = 57, .deadline = 120};
  EXPECT_EQ(StuckVerdict({"a:rank 0", end}, 121),
            "a:rank 0 has been in end of step 57 for 121.0 s (the limit is 120 s): stuck");
}

TEST(WatchdogClock, StandsStillWhileItsThreadDoesNotRun) {
  WatchClock clock(0.01);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  clock.Tick();
  EXPECT_EQ(clock.seconds(), 0.01);
  clock.Tick();
  EXPECT_GT(clock.seconds(), 0.01);
}

}  // namespace
}  // namespace seve
