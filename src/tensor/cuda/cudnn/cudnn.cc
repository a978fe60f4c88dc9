#include "tensor/cuda/cudnn.h"

#include <fmt/format.h>

#include "base/error.h"
#include "tensor/cuda/cudnn/check.h"
#include "tensor/cuda_devices.h"

namespace seve {
namespace {

constexpr size_t kOldest = 90100;  // the first whose engines say whether NaNs go through them

// 91900 -> "cuDNN 9.19.0".
std::string VersionText(size_t version) {
  return fmt::format("cuDNN {}.{}.{}", version / 10000, version / 100 % 100, version % 100);
}

void CheckVersion() {
  const size_t loaded = cudnnGetVersion();
  if (loaded >= kOldest && loaded / 10000 == CUDNN_MAJOR) return;
  ThrowUsage(
      fmt::format("this machine has {}, this binary needs {} or a newer cuDNN {}: load that, or "
                  "build where this one is",
                  VersionText(loaded), VersionText(kOldest), CUDNN_MAJOR));
}

}  // namespace

Cudnn::Cudnn(cudaStream_t stream) {
  CheckVersion();
  cudnnHandle_t handle = nullptr;
  CheckCudnn(cudnnCreate(&handle), "cudnnCreate");
  handle_.reset(handle);
  CheckCudnn(cudnnSetStream(handle, stream), "cudnnSetStream");
}

void Cudnn::Destroy::operator()(cudnnContext* handle) const noexcept {
  static_cast<void>(cudnnDestroy(handle));
}

std::string CudnnVersionText() { return VersionText(CUDNN_VERSION); }

}  // namespace seve
