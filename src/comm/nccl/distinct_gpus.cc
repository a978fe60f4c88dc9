#include "comm/nccl/distinct_gpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>

#include "base/error.h"
#include "comm/agreement.h"
#include "comm/host_name.h"
#include "tensor/cuda/check.h"

namespace seve {
namespace {

// Slices of one GPU (MIG) have the same: NCCL refuses them too.
std::string CurrentGpu() {
  std::string boot;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot);
  int ordinal = 0;
  CheckCuda(cudaGetDevice(&ordinal), "cudaGetDevice");
  std::array<char, 32> bus{};
  CheckCuda(cudaDeviceGetPCIBusId(bus.data(), bus.size(), ordinal), "cudaDeviceGetPCIBusId");
  return fmt::format("{} {} {}", HostName(), boot, bus.data());
}

void CheckAll(const Communicator& communicator, const std::vector<std::vector<std::byte>>& gpus) {
  for (size_t rank = 0; rank < gpus.size(); ++rank) {
    const auto first = static_cast<size_t>(std::ranges::find(gpus, gpus[rank]) - gpus.begin());
    if (first == rank) continue;
    ThrowUsage(fmt::format(
        "{} and {} share a GPU: give each rank of a host one of its own, or start fewer "
        "(gpu {{ allow_shared_gpu: true }} is for tests)",
        communicator.Describe(static_cast<int>(first)),
        communicator.Describe(static_cast<int>(rank))));
  }
}

}  // namespace

void CheckGpusAreDistinct(Communicator& communicator) {
  std::string gpu;
  RunAgreed(communicator, [&] { gpu = CurrentGpu(); });
  const auto gpus = communicator.Gather(std::as_bytes(std::span(gpu)), 0);
  RunAgreed(communicator, [&] { CheckAll(communicator, gpus); });
}

}  // namespace seve
