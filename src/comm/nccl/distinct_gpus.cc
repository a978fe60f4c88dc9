#include "comm/nccl/distinct_gpus.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "comm/agreement.h"
#include "tensor/cuda/check.h"

namespace seve {
namespace {

void CheckAll(const Communicator& communicator, const std::vector<std::vector<std::byte>>& gpus) {
  for (size_t rank = 0; rank < gpus.size(); ++rank) {
    const auto first = std::ranges::find(gpus, gpus[rank]) - gpus.begin();
    if (static_cast<size_t>(first) == rank) continue;
    ThrowUsage(
        fmt::format("{} and {} share a GPU: give each rank of a host another one, or start fewer "
                    "(gpu {{ allow_shared_gpu: true }} is for tests)",
                    communicator.Describe(static_cast<int>(first)),
                    communicator.Describe(static_cast<int>(rank))));
  }
}

}  // namespace

void CheckGpusAreDistinct(Communicator& communicator) {
  cudaDeviceProp properties = {};
  RunAgreed(communicator, [&] {
    int ordinal = 0;
    CheckCuda(cudaGetDevice(&ordinal), "cudaGetDevice");
    CheckCuda(cudaGetDeviceProperties(&properties, ordinal), "cudaGetDeviceProperties");
  });
  const auto gpus = communicator.Gather(std::as_bytes(std::span(&properties.uuid, 1)), 0);
  RunAgreed(communicator, [&] { CheckAll(communicator, gpus); });
}

}  // namespace seve
