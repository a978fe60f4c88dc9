#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "comm/collective_testing.h"
#include "comm/threads/run_threads.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ThreadsOfWorld : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Worlds, ThreadsOfWorld, ::testing::Values(1, 2, 3, 4, 7));

TEST_P(ThreadsOfWorld, KeepTheCommunicatorsPromises) {
  RunThreads(GetParam(), [](Communicator& comm) { testing::CommunicatorKeepsItsPromises(comm); });
}

TEST_P(ThreadsOfWorld, SeeEveryRankOnce) {
  std::atomic<int> ranks{0};
  RunThreads(GetParam(), [&](Communicator& comm) {
    EXPECT_EQ(comm.size(), GetParam());
    ranks |= 1 << comm.rank();
  });
  EXPECT_EQ(ranks, (1 << GetParam()) - 1);
}

TEST(Threads, NameTheLateRankAtTheDeadline) {
  const Stopwatch watch;
  std::string message;
  try {
    RunThreads(3, [&](Communicator& comm) {
      const auto window = comm.AllocateWindow(100);
      comm.SetDeadline(0.2, "step 12");
      if (comm.rank() == 1) {
        std::this_thread::sleep_for(std::chrono::milliseconds(600));
        return;
      }
      window->StartSum(0, 100);
      window->FinishSums();
    });
    FAIL() << "no deadline passed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kCommunication);
    message = error.what();
  }
  EXPECT_THAT(message, AllOf(HasSubstr("step 12"), HasSubstr(":rank 1 in the sum of gradients"),
                             HasSubstr("0.2 s")));
  EXPECT_LT(watch.Seconds(), 5);
}

TEST(Threads, ExceptionOnOneRankReleasesTheOthersAndIsTheOneThrown) {
  const Stopwatch watch;
  std::atomic<int> released{0};
  const auto body = [&](Communicator& comm) {
    if (comm.rank() == 2) throw std::out_of_range("sample 70000 of 60000");
    try {
      comm.Barrier();
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("rank 2 failed first"), HasSubstr("sample 70000")));
      ++released;
      throw;
    }
  };
  EXPECT_THROW(RunThreads(4, body), std::out_of_range);
  EXPECT_EQ(released, 3);
  EXPECT_LT(watch.Seconds(), 5);  // far below the deadline of 600 s
}

TEST(Threads, RangeOutsideTheWindowIsRefused) {
  EXPECT_THROW(RunThreads(1,
                          [](Communicator& comm) {
                            const auto window = comm.AllocateWindow(10);
                            window->StartSum(5, 11);
                          }),
               std::logic_error);
}

TEST(ThreadsDeathTest, AbortEndsTheProcessWithItsCode) {
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(RunThreads(2,
                         [](Communicator& comm) {
                           if (comm.rank() == 1) comm.Abort(4);
                           comm.Barrier();
                         }),
              ::testing::ExitedWithCode(4), "");
}

}  // namespace
}  // namespace seve
