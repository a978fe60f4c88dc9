#include "comm/agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <vector>

#include "comm/threads/run_threads.h"

namespace seve {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Outcome {
  int agreed = 0;  // ranks that threw AgreedError
  ExitCode code = ExitCode::kDone;
  std::string message;  // the same on all ranks, or "different messages"
};

Outcome Attempt(int world, const std::function<void(int)>& work) {
  Outcome outcome;
  std::mutex mutex;
  RunThreads(world, [&](Communicator& communicator) {
    try {
      RunAgreed(communicator, [&] { work(communicator.rank()); });
    } catch (const AgreedError& error) {
      const std::lock_guard lock(mutex);
      const bool alike = outcome.agreed++ == 0 || outcome.message == error.what();
      outcome.code = error.code();
      outcome.message = alike ? error.what() : "different messages";
    }
  });
  return outcome;
}

TEST(Agreement, SuccessOnAllIsSuccess) {
  EXPECT_EQ(Attempt(3, [](int) {}).agreed, 0);
}

TEST(Agreement, AFailureOnOneRankEndsAllWithItsCodeAndName) {
  const auto outcome = Attempt(3, [](int rank) {
    if (rank == 2) ThrowData("the file is gone");
  });
  EXPECT_EQ(outcome.agreed, 3);
  EXPECT_EQ(outcome.code, ExitCode::kData);
  EXPECT_THAT(outcome.message, HasSubstr("rank 2: the file is gone"));
}

TEST(Agreement, TheSameFailureEverywhereIsSaidOnce) {
  const auto outcome = Attempt(4, [](int) { ThrowUsage("no such field"); });
  EXPECT_EQ(outcome.agreed, 4);
  EXPECT_EQ(outcome.message, "no such field");
}

}  // namespace
}  // namespace seve
