#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tensor/cuda/device_buffer.h"
#include "tensor/cuda/device_timeline.h"

namespace seve {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class DeviceTimelineTest : public ::testing::Test {
 protected:
  void Work() const {
    CheckCuda(cudaMemsetAsync(memory_.data(), 0, memory_.size(), stream_.get()), "cudaMemsetAsync");
  }
  void Wait() const { CheckCuda(cudaStreamSynchronize(stream_.get()), "cudaStreamSynchronize"); }

  Stream stream_ = MakeStream();
  DeviceBuffer memory_{1 << 20};
  DeviceTimeline timeline_;
  Trace trace_{100};
};

TEST_F(DeviceTimelineTest, TellsWhenTheGpuDidWhatOnTheHostsClock) {
  for (int step = 1; step <= 2; ++step) {
    trace_.BeginStep(step);
    const int64_t before = Trace::Now();
    timeline_.Begin(stream_.get());
    timeline_.EnterPhase("forward", stream_.get());
    const auto layer = timeline_.Open(Trace::Row::kLayer, "hidden", "forward", 0, stream_.get());
    Work();
    timeline_.Close(layer, stream_.get());
    timeline_.EnterPhase("backward", stream_.get());
    Work();
    timeline_.EnterPhase("", stream_.get());
    Wait();
    timeline_.End(&trace_);
    const int64_t after = Trace::Now();
    ASSERT_THAT(trace_.intervals(), SizeIs(3 * step));
    const auto told = trace_.intervals().last(3);
    const auto& forward = told[0];
    const auto& hidden = told[1];
    const auto& backward = told[2];
    EXPECT_STREQ(forward.name, "forward");
    EXPECT_STREQ(hidden.name, "hidden");
    EXPECT_STREQ(backward.name, "backward");
    EXPECT_EQ(hidden.row, Trace::Row::kLayer);
    EXPECT_EQ(hidden.step, step);
    EXPECT_LE(before, forward.begin);
    EXPECT_LE(forward.begin, hidden.begin);
    EXPECT_LE(hidden.begin, hidden.end);
    EXPECT_LE(hidden.end, forward.end);
    EXPECT_LE(forward.end, backward.begin);
    EXPECT_LE(backward.end, after);
  }
}

TEST_F(DeviceTimelineTest, MarksNothingWhereNothingIsTraced) {
  timeline_.EnterPhase("forward", stream_.get());
  const auto layer = timeline_.Open(Trace::Row::kLayer, "hidden", "forward", 0, stream_.get());
  EXPECT_FALSE(layer.has_value());
  timeline_.Close(layer, stream_.get());
  timeline_.Begin(stream_.get());
  Wait();
  timeline_.End(&trace_);
  EXPECT_THAT(trace_.intervals(), IsEmpty());
}

}  // namespace
}  // namespace seve
