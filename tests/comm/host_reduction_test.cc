#include "comm/host_reduction.h"

#include <gtest/gtest.h>

namespace seve {
namespace {

TEST(SliceOf, PartsCoverTheRangeWithoutOverlapAndCutAtCacheLines) {
  for (const Range range : {Range{0, 0}, {0, 1}, {5, 6}, {3, 37}, {16, 32}, {1001, 300001}}) {
    for (const int parts : {1, 2, 3, 4, 7}) {
      size_t next = range.begin;
      for (int part = 0; part < parts; ++part) {
        const Range slice = SliceOf(range, part, parts);
        EXPECT_EQ(slice.begin, next);
        EXPECT_LE(slice.begin, slice.end);
        if (slice.begin != range.begin && slice.begin != range.end) {
          EXPECT_EQ(slice.begin % 16, 0u);
        }
        next = slice.end;
      }
      EXPECT_EQ(next, range.end);
    }
  }
}

TEST(PartsFor, ShortSumsTakeOneRankAndLongOnesAll) {
  EXPECT_EQ(PartsFor(1, 4), 1);
  EXPECT_EQ(PartsFor(16, 4), 1);
  EXPECT_EQ(PartsFor(300001, 4), 4);
  EXPECT_EQ(PartsFor(300001, 1), 1);
}

}  // namespace
}  // namespace seve
