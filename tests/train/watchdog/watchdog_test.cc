#include "train/watchdog/watchdog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "comm/solo/solo_communicator.h"
#include "comm/threads/run_threads.h"
#include "train/watchdog/rendezvous.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double kPatience = 10;       // for a report that must come
constexpr double kLongSilence = 30;    // that no test waits for
constexpr double kShortSilence = 0.3;  // that a test waits for

void SleepFor(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

// What each rank's watchdog found.
class Reports {
 public:
  std::function<void(const std::string&)> By(int rank) {
    return [this, rank](const std::string& message) {
      const std::lock_guard lock(mutex_);
      EXPECT_EQ(messages_.count(rank), 0u) << "rank " << rank << " reports a second time";
      messages_[rank] = message;
    };
  }
  std::map<int, std::string> all() const {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  // Waits until these ranks have reported.
  void Await(const std::vector<int>& ranks) const {
    const Stopwatch watch;
    const auto reported = [&](int rank) { return all().count(rank) == 1; };
    while (!std::ranges::all_of(ranks, reported)) {
      ASSERT_LT(watch.Seconds(), kPatience) << "no report";
      SleepFor(0.005);
    }
  }

 private:
  mutable std::mutex mutex_;
  std::map<int, std::string> messages_;
};

void EnterBackward(Activity& activity, double deadline) {
  activity.EnterSection("step", deadline);
  activity.SetStep(57);
  activity.EnterPhase("backward");
}

TEST(Watchdog, DoesNothingInAWorldOfOne) {
  const auto comm = MakeSoloCommunicator();
  comm->activity().EnterSection("step", 1e-9);
  Reports reports;
  {
    const Watchdog watchdog(*comm, 0.01, reports.By(0));
    EXPECT_FALSE(comm->activity().watched());
    SleepFor(0.05);
    EXPECT_THAT(watchdog.Describe(), HasSubstr("rank 0: step"));
  }
  EXPECT_THAT(reports.all(), IsEmpty());
}

// Every rank leaves `delays[rank]` seconds after the start.
void LeaveAfter(const std::vector<double>& delays, double silence) {
  Reports reports;
  RunThreads(static_cast<int>(delays.size()), [&](Communicator& comm) {
    const Watchdog watchdog(comm, silence, reports.By(comm.rank()));
    EXPECT_TRUE(comm.activity().watched());
    SleepFor(delays[comm.rank()]);
  });
  EXPECT_THAT(reports.all(), IsEmpty());
}

TEST(Watchdog, OrderlyEndsInAnyOrderAreNoReports) {
  for (const int world : {2, 4, 7}) {
    std::vector<double> delays(world);
    for (int rank = 0; rank < world; ++rank) delays[rank] = 0.2 * rank / world;
    LeaveAfter(delays, kLongSilence);  // rank 0 first
    std::ranges::reverse(delays);
    LeaveAfter(delays, kLongSilence);  // rank 0 last
    LeaveAfter(std::vector<double>(world), kLongSilence);
  }
}

TEST(Watchdog, SeveralInARowDoNotMeetEachOther) {
  Reports reports;
  RunThreads(4, [&](Communicator& comm) {
    for (int i = 0; i < 20; ++i)
      const Watchdog watchdog(comm, kLongSilence, reports.By(comm.rank()));
    EXPECT_FALSE(comm.activity().watched());
  });
  EXPECT_THAT(reports.all(), IsEmpty());
}

TEST(Watchdog, ADeadRankIsNamedByRankZeroAlone) {
  for (const int world : {2, 4, 7}) {
    Reports reports;
    RunThreads(world, [&](Communicator& comm) {
      if (comm.rank() == world - 1) {
        static_cast<void>(Meet(comm));  // and gone, without a goodbye
        return reports.Await({0});
      }
      const Watchdog watchdog(comm, kLongSilence, reports.By(comm.rank()));
      reports.Await({0});
    });
    ASSERT_EQ(reports.all().size(), 1u);
    EXPECT_THAT(reports.all()[0],
                HasSubstr("rank " + std::to_string(world - 1) + " died (its connection broke)"));
  }
}

TEST(Watchdog, ADeadRankZeroIsNamedByTheOthers) {
  for (const int world : {2, 4, 7}) {
    Reports reports;
    std::vector<int> others(world - 1);
    std::iota(others.begin(), others.end(), 1);
    RunThreads(world, [&](Communicator& comm) {
      if (comm.rank() == 0) {
        static_cast<void>(Meet(comm));
        return reports.Await(others);
      }
      const Watchdog watchdog(comm, kLongSilence, reports.By(comm.rank()));
      reports.Await(others);
    });
    for (const auto& [rank, message] : reports.all())
      EXPECT_THAT(message, HasSubstr("rank 0 died"));
  }
}

TEST(Watchdog, ASilentRankIsNamed) {
  for (const int silent : {0, 1}) {
    Reports reports;
    RunThreads(2, [&](Communicator& comm) {
      EnterBackward(comm.activity(), 60);
      if (comm.rank() == silent) {
        const Rendezvous meeting = Meet(comm);  // and says nothing
        return reports.Await({1 - silent});
      }
      const Watchdog watchdog(comm, kShortSilence, reports.By(comm.rank()));
      reports.Await({comm.rank()});
    });
    EXPECT_THAT(reports.all()[1 - silent],
                AllOf(HasSubstr("rank " + std::to_string(silent) + " has not been heard of for 0."),
                      HasSubstr("it was at step 57 in backward")));
  }
}

TEST(Watchdog, AStuckRankIsNamedOnceByRankZero) {
  for (const int world : {2, 4, 7}) {
    for (const int stuck : {0, world - 1}) {
      Reports reports;
      RunThreads(world, [&](Communicator& comm) {
        EnterBackward(comm.activity(), 0.2);
        std::optional<WaitingMark> mark;
        if (comm.rank() != stuck) mark.emplace(comm.activity());
        const Watchdog watchdog(comm, kLongSilence, reports.By(comm.rank()));
        reports.Await({0});
      });
      ASSERT_EQ(reports.all().size(), 1u);
      EXPECT_THAT(reports.all()[0], HasSubstr("rank " + std::to_string(stuck) +
                                              " has been in backward of step 57 for "));
      EXPECT_THAT(reports.all()[0], HasSubstr("s (deadlines.step is 0.2): stuck"));
    }
  }
}

TEST(Watchdog, ARankThatLeftEarlyIsNamed) {
  for (const int early : {0, 1}) {
    Reports reports;
    const int late = 1 - early;
    RunThreads(2, [&](Communicator& comm) {
      comm.activity().EnterSection("step", 60);
      auto watchdog = std::make_unique<Watchdog>(comm, 1, reports.By(comm.rank()));
      comm.activity().SetStep(comm.rank() == early ? 57 : 80);
      if (comm.rank() == early) watchdog.reset();
      reports.Await({late});
    });
    ASSERT_EQ(reports.all().size(), 1u);
    EXPECT_THAT(reports.all()[late],
                HasSubstr("rank " + std::to_string(early) + " left the training at step 57 while"));
    EXPECT_THAT(reports.all()[late], HasSubstr("rank " + std::to_string(late) + " is at step 80"));
  }
}

TEST(Watchdog, SaysGoodbyeWhileAnExceptionUnwinds) {
  Reports reports;
  const auto body = [&](Communicator& comm) {
    const Watchdog watchdog(comm, kLongSilence, reports.By(comm.rank()));
    if (comm.rank() == 1) throw std::out_of_range("sample 70000 of 60000");
    comm.Barrier();
  };
  EXPECT_THROW(RunThreads(4, body), std::out_of_range);
  EXPECT_THAT(reports.all(), IsEmpty());
}

TEST(Watchdog, LeavesAtOnceWhateverTheOthersDo) {
  RunThreads(3, [&](Communicator& comm) {
    if (comm.rank() == 1) {
      const Rendezvous meeting = Meet(comm);  // neither reads nor writes
      return comm.Barrier();
    }
    {
      Reports reports;
      std::optional<Watchdog> watchdog;
      watchdog.emplace(comm, kLongSilence, reports.By(comm.rank()));
      const Stopwatch watch;
      watchdog.reset();
      EXPECT_LT(watch.Seconds(), 2);  // far below the silence: nobody was waited for
    }
    comm.Barrier();
  });
}

TEST(Watchdog, DescribesWhereEveryRankWasHeardOf) {
  Reports reports;
  RunThreads(3, [&](Communicator& comm) {
    EnterBackward(comm.activity(), 60);
    comm.activity().SetStep(100 + comm.rank());
    const Watchdog watchdog(comm, kLongSilence, reports.By(comm.rank()));
    const auto knows = [&](const std::string& text) {
      const Stopwatch watch;
      while (watchdog.Describe().find(text) == std::string::npos && watch.Seconds() < kPatience) {
        SleepFor(0.01);
      }
      EXPECT_THAT(watchdog.Describe(), HasSubstr(text));
    };
    const std::string text = watchdog.Describe();
    EXPECT_EQ(std::ranges::count(text, '\n'), comm.rank() == 0 ? 2 : 0) << text;
    knows("rank " + std::to_string(comm.rank()) + ": step 10" + std::to_string(comm.rank()) +
          ", backward");
    if (comm.rank() == 0) {
      knows("rank 1: step 101, backward");
      knows("rank 2: step 102, backward");
    }
    comm.Barrier();
  });
  EXPECT_THAT(reports.all(), IsEmpty());
}

}  // namespace
}  // namespace seve
