#include "model/micro_batch_tree.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace seve {
namespace {

// The sum of leaves [first, first + count) as a rank that walks them forms it: "(0+1)".
std::string Walk(int64_t first, int64_t count) {
  std::vector<std::string> arenas(static_cast<size_t>(ArenasFor(count)));
  for (int64_t i = 0; i < count; ++i) {
    auto right = static_cast<size_t>(ArenaOf(i));
    EXPECT_LT(right, arenas.size());
    arenas[right] = std::to_string(first + i);
    for (int pair = 0; pair < PairsCompletedBy(i); ++pair, --right) {
      arenas[right - 1] = "(" + arenas[right - 1] + "+" + arenas[right] + ")";
    }
  }
  return arenas[0];
}

// The same over ranks that hold equal runs of the leaves, joined as comm/tree_sum.h joins ranks.
std::string Join(int64_t first, int64_t count, int64_t ranks) {
  if (ranks == 1) return Walk(first, count);
  return "(" + Join(first, count / 2, ranks / 2) + "+" +
         Join(first + count / 2, count / 2, ranks / 2) + ")";
}

TEST(MicroBatchTree, IsTheBalancedTree) {
  EXPECT_EQ(Walk(0, 1), "0");
  EXPECT_EQ(Walk(0, 2), "(0+1)");
  EXPECT_EQ(Walk(0, 8), "(((0+1)+(2+3))+((4+5)+(6+7)))");
}

TEST(MicroBatchTree, IsTheSameHoweverTheRanksCutIt) {
  for (const int64_t count : {1, 2, 4, 8, 16, 64}) {
    for (int64_t ranks = 1; ranks <= count; ranks *= 2) {
      EXPECT_EQ(Join(0, count, ranks), Walk(0, count)) << count << " on " << ranks;
    }
  }
}

TEST(MicroBatchTree, NeedsLogarithmicallyManyArenas) {
  EXPECT_EQ(ArenasFor(1), 1);
  EXPECT_EQ(ArenasFor(2), 2);
  EXPECT_EQ(ArenasFor(4), 3);
  EXPECT_EQ(ArenasFor(64), 7);
}

}  // namespace
}  // namespace seve
