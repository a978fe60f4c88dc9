#include "report/drawing_budget.h"

#include <gtest/gtest.h>

namespace seve {
namespace {

TEST(DrawingBudget, AllowsTheFirstOnceTheRunIsLongEnoughForIt) {
  const DrawingBudget budget(0.01, 0.25);
  EXPECT_FALSE(budget.Allows(24));
  EXPECT_TRUE(budget.Allows(26));
}

TEST(DrawingBudget, LeavesOutTheTimeOfEarlierStarts) {
  DrawingBudget budget(0.01, 0.25);
  budget.Begin(1000);
  budget.Begin(0);
  EXPECT_FALSE(budget.Allows(1024));
  EXPECT_TRUE(budget.Allows(1026));
}

TEST(DrawingBudget, CountsWhatWasSpentAndAnotherLikeTheLatest) {
  DrawingBudget budget(0.5, 0);
  EXPECT_TRUE(budget.Allows(0));
  const Stopwatch watch;
  budget.Spend([] {
    for (const Stopwatch busy; busy.Seconds() < 0.01;) continue;
  });
  EXPECT_FALSE(budget.Allows(0.03));
  EXPECT_TRUE(budget.Allows(4.1 * watch.Seconds()));
}

}  // namespace
}  // namespace seve
