#include "train/pace.h"

#include <gtest/gtest.h>

#include <vector>

namespace seve {
namespace {

std::vector<int64_t> DueSteps(const Pace& pace, int64_t steps) {
  std::vector<int64_t> due;
  for (int64_t step = 1; step <= steps; ++step) {
    if (pace.Due(step)) due.push_back(step);
  }
  return due;
}

TEST(Pace, CountsSteps) {
  EXPECT_EQ(DueSteps(Pace::EverySteps(3), 10), (std::vector<int64_t>{3, 6, 9}));
}

TEST(Pace, CountsWholeAndFractionalEpochs) {
  EXPECT_EQ(DueSteps(Pace::EveryEpochs(1, 4), 9), (std::vector<int64_t>{4, 8}));
  EXPECT_EQ(DueSteps(Pace::EveryEpochs(2, 4), 9), (std::vector<int64_t>{8}));
  EXPECT_EQ(DueSteps(Pace::EveryEpochs(0.5, 4), 8), (std::vector<int64_t>{2, 4, 6, 8}));
  EXPECT_EQ(DueSteps(Pace::EveryEpochs(0.5, 5), 10), (std::vector<int64_t>{3, 5, 8, 10}));
}

TEST(Pace, ATenthOfAnEpochIsNotLostToRounding) {
  EXPECT_EQ(DueSteps(Pace::EveryEpochs(0.1, 10), 10).size(), 10u);
}

}  // namespace
}  // namespace seve
