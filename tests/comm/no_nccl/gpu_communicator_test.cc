#include "comm/gpu_communicator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "comm/solo/solo_communicator.h"

namespace seve {
namespace {

TEST(GpuCommunicator, IsRefusedWithoutNccl) {
  try {
    static_cast<void>(MakeGpuCommunicator(*MakeSoloCommunicator(), {}));
    FAIL() << "made";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_THAT(error.what(), testing::HasSubstr("built without NCCL"));
  }
}

}  // namespace
}  // namespace seve
