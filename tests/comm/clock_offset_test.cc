#include "comm/clock_offset.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "comm/threads/run_threads.h"

namespace seve {
namespace {

TEST(ClockOffset, OfThreadsWithOneClockIsNothingWithinItsError) {
  for (const int world : {1, 2, 3}) {
    RunThreads(world, [](Communicator& comm) {
      const ClockOffset offset = MeasureClockOffset(comm);
      EXPECT_GE(offset.error, 0);
      EXPECT_LE(std::abs(offset.nanoseconds), offset.error + 1);
      if (comm.rank() == 0) {
        EXPECT_EQ(offset.nanoseconds, 0);
        EXPECT_EQ(offset.error, 0);
      }
    });
  }
}

}  // namespace
}  // namespace seve
