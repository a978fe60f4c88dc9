#include "comm/nccl/shared_gpu.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "comm/host_name.h"

namespace seve {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// In a process of its own: the environment stays as it is.
TEST(SharedGpu, MakesTheRankAHostAndKeepsWhatTheUserSet) {
  EXPECT_EXIT(
      {
        setenv("NCCL_MAX_CTAS", "1", 1);
        setenv("NCCL_HOSTID", "mine", 1);
        PretendToBeAHost(3);
        const bool right = Variable("NCCL_HOSTID") == HostName() + "-r3" &&
                           Variable("NCCL_MAX_CTAS") == "1" && Variable("NCCL_NET") == "Socket" &&
                           Variable("NCCL_SOCKET_IFNAME") == "lo";
        std::exit(right ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace seve
