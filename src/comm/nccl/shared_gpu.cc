#include "comm/nccl/shared_gpu.h"

#include <fmt/format.h>

#include <cstdlib>

#include "comm/host_name.h"

namespace seve {
namespace {

struct Setting {
  const char *name, *value;
};

constexpr Setting kSettings[] = {
    {"NCCL_NET", "Socket"},
    {"NCCL_IB_DISABLE", "1"},
    {"NCCL_SOCKET_IFNAME", "lo"},
    {"NCCL_NVLS_ENABLE", "0"},
    {"NCCL_MNNVL_ENABLE", "0"},
    {"NCCL_MAX_CTAS", "2"},  // kernels of all ranks must fit on the GPU at once
};

}  // namespace

void PretendToBeAHost(int rank) {
  setenv("NCCL_HOSTID", fmt::format("{}-r{}", HostName(), rank).c_str(), 1);
  for (const Setting& setting : kSettings) setenv(setting.name, setting.value, 0);
}

}  // namespace seve
