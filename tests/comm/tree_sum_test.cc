#include "comm/tree_sum.h"

#include <gtest/gtest.h>

#include <vector>

namespace seve {
namespace {

// Terms whose float sum depends on the order: 2^24 swallows a single 1, not a 2.
constexpr float kBig = 16777216.0f;

float SumOf(const std::vector<float>& terms) {
  std::vector<const float*> inputs;
  for (const float& term : terms) inputs.push_back(&term);
  float sum = -1;
  TreeSum(inputs, 1, &sum);
  return sum;
}

TEST(TreeSum, JoinsPairsOfPairs) {
  EXPECT_EQ(SumOf({kBig, 1, 1, 1}), kBig + 2);           // (2^24 + 1) + (1 + 1)
  EXPECT_EQ(SumOf({kBig, 1, 1}), kBig);                  // (2^24 + 1) + 1
  EXPECT_EQ(SumOf({1, 1, kBig}), kBig + 2);              // (1 + 1) + 2^24
  EXPECT_EQ(SumOf({1, 1, 1, 1, kBig}), kBig + 4);        // ((1+1)+(1+1)) + 2^24
  EXPECT_EQ(SumOf({kBig, 1, 1, 1, 1, 1, 1}), kBig + 4);  // (2^24 + 2) + 3: ties to even
}

TEST(TreeSum, OfNothingIsZero) { EXPECT_EQ(SumOf({}), 0); }

TEST(TreeSum, MayBeWrittenOverAnyInput) {
  constexpr size_t kCount = 2500;  // several blocks and a rest
  for (int inputs = 1; inputs <= 9; ++inputs) {
    for (int target = 0; target < inputs; ++target) {
      std::vector<std::vector<float>> arrays(inputs, std::vector<float>(kCount));
      std::vector<const float*> pointers;
      for (int k = 0; k < inputs; ++k) {
        for (size_t i = 0; i < kCount; ++i) arrays[k][i] = static_cast<float>(k * 3 + i % 11);
        pointers.push_back(arrays[k].data());
      }
      TreeSum(pointers, kCount, arrays[target].data());
      size_t wrong = 0;
      for (size_t i = 0; i < kCount; ++i) {
        const size_t expected = 3 * inputs * (inputs - 1) / 2 + inputs * (i % 11);
        wrong += arrays[target][i] != static_cast<float>(expected);
      }
      EXPECT_EQ(wrong, 0u) << inputs << " inputs over input " << target;
    }
  }
}

}  // namespace
}  // namespace seve
