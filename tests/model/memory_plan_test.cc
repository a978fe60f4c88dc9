#include "model/memory_plan.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/philox.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

bool Overlap(size_t a, size_t a_bytes, size_t b, size_t b_bytes) {
  return a < b + b_bytes && b < a + a_bytes;
}

TEST(MemoryPlan, BlocksThatNeverLiveTogetherShareMemory) {
  const auto plan = PlanMemory({{1024, 0, 1}, {1024, 2, 3}});
  EXPECT_EQ(plan.bytes, 1024u);
  EXPECT_EQ(plan.offsets, (std::vector<size_t>{0, 0}));
}

TEST(MemoryPlan, LifetimesIncludeBothEnds) {
  EXPECT_EQ(PlanMemory({{1024, 0, 1}, {1024, 1, 2}}).bytes, 2048u);
}

TEST(MemoryPlan, NothingNeedsNothing) { EXPECT_EQ(PlanMemory({}).bytes, 0u); }

TEST(MemoryPlan, LivingBlocksNeverOverlapAndAreAligned) {
  const Philox random{{1, 2}};
  for (uint32_t trial = 0; trial < 50; ++trial) {
    std::vector<BlockRequest> requests;
    size_t sum = 0;
    for (uint32_t i = 0; i < 40; ++i) {
      const auto draw = random(trial, i, 0, 0);
      const int first = static_cast<int>(draw[0] % 30);
      requests.push_back({draw[1] % 5000 + 1, first, first + static_cast<int>(draw[2] % 10)});
      sum += AlignUp(requests.back().bytes);
    }
    const auto plan = PlanMemory(requests);
    EXPECT_LT(plan.bytes, sum);
    for (size_t i = 0; i < requests.size(); ++i) {
      EXPECT_EQ(plan.offsets[i] % kAlignment, 0u);
      EXPECT_LE(plan.offsets[i] + requests[i].bytes, plan.bytes);
      for (size_t j = 0; j < i; ++j) {
        if (requests[i].last < requests[j].first || requests[j].last < requests[i].first) continue;
        EXPECT_FALSE(
            Overlap(plan.offsets[i], requests[i].bytes, plan.offsets[j], requests[j].bytes))
            << "blocks " << i << " and " << j << " of trial " << trial;
      }
    }
  }
}

}  // namespace
}  // namespace seve
