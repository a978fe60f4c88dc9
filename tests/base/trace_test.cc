#include "base/trace.h"

#include <gtest/gtest.h>

#include <string>

namespace seve {
namespace {

TEST(Trace, APhaseLastsUntilTheNext) {
  Trace trace(10);
  trace.BeginStep(7);
  trace.EnterPhase("forward");
  trace.EnterPhase("backward");
  trace.EnterPhase("");
  trace.EnterPhase("");
  const auto intervals = trace.intervals();
  ASSERT_EQ(intervals.size(), 2u);
  EXPECT_STREQ(intervals[0].name, "forward");
  EXPECT_STREQ(intervals[1].name, "backward");
  EXPECT_EQ(intervals[0].step, 7);
  EXPECT_LE(intervals[0].begin, intervals[0].end);
  EXPECT_LE(intervals[0].end, intervals[1].begin);
}

TEST(Trace, AScopeIsAnIntervalAndNothingWithoutATrace) {
  Trace trace(10);
  {
    const TraceScope outer(&trace, Trace::Row::kLayer, "hidden", "forward", 12);
    const TraceScope none(nullptr, Trace::Row::kLayer, "hidden", "forward");
  }
  ASSERT_EQ(trace.intervals().size(), 1u);
  EXPECT_EQ(trace.intervals()[0].bytes, 12u);
  EXPECT_EQ(trace.intervals()[0].row, Trace::Row::kLayer);
}

TEST(Trace, WhatDoesNotFitIsCountedAndLeftOut) {
  Trace trace(2);
  for (int i = 0; i < 5; ++i) trace.Add(Trace::Row::kSum, "sum", "sum", Trace::Now());
  EXPECT_EQ(trace.intervals().size(), 2u);
  EXPECT_EQ(trace.left_out(), 3u);
}

}  // namespace
}  // namespace seve
