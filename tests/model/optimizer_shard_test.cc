#include "model/optimizer_shard.h"

#include <gtest/gtest.h>

#include <numeric>

namespace seve {
namespace {

TEST(OptimizerShard, KeepsWhatItOwnsAndPutsItBack) {
  OptimizerShard shard(Shard({{2, 5}, {8, 9}}), 2);
  std::vector<float> arena(10);
  std::iota(arena.begin(), arena.end(), 0.0f);
  shard.Keep(1, arena);
  std::vector<float> copy(10, -1);
  shard.Put(1, copy);
  EXPECT_EQ(copy, (std::vector<float>{-1, -1, 2, 3, 4, -1, -1, -1, 8, -1}));
  shard.Put(0, copy);
  EXPECT_EQ(copy, (std::vector<float>{-1, -1, 0, 0, 0, -1, -1, -1, 0, -1}));
  EXPECT_EQ(shard.SumOfSquares(arena), 4 + 9 + 16 + 64);
}

TEST(OptimizerShard, VisitsWhatItOwnsOfARangeWithItsStates) {
  OptimizerShard shard(Shard({{2, 5}, {8, 12}}), 1);
  std::vector<float> arena(12);
  std::iota(arena.begin(), arena.end(), 0.0f);
  shard.Keep(0, arena);
  std::vector<Range> parts;
  shard.ForEach({4, 10}, [&](Range part, const auto& states) {
    parts.push_back(part);
    ASSERT_EQ(states[0].size(), part.size());
    for (size_t i = 0; i < part.size(); ++i) {
      EXPECT_EQ(states[0][i], static_cast<float>(part.begin + i));
    }
  });
  EXPECT_EQ(parts, (std::vector<Range>{{4, 5}, {8, 10}}));
  shard.ForEach({5, 8}, [&](Range, const auto&) { ADD_FAILURE() << "not owned"; });
}

}  // namespace
}  // namespace seve
