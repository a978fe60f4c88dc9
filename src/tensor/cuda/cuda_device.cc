#include "tensor/cuda/cuda_device.h"

#include <bit>

namespace seve {
namespace {

// What cuBLASLt's fastest kernels of Hopper ask for.
constexpr size_t kWorkspaceBytes = size_t{32} << 20;

int Select(int ordinal) {
  CheckCuda(cudaSetDevice(ordinal), "cudaSetDevice");
  return ordinal;
}

}  // namespace

CudaDevice::CudaDevice(int ordinal)
    : ordinal_(Select(ordinal)),
      stream_(MakeStream()),
      lt_(MakeLtHandle()),
      workspace_(kWorkspaceBytes) {
  CheckCuda(cudaDeviceGetAttribute(&multiprocessors_, cudaDevAttrMultiProcessorCount, ordinal),
            "cudaDeviceGetAttribute");
}

CudaDevice::~CudaDevice() { NoteCuda(cudaStreamSynchronize(stream()), "cudaStreamSynchronize"); }

// In powers of two, so that all that have been grown out of are no larger together than the last.
std::shared_ptr<const DeviceBuffer> CudaDevice::Scratch(size_t bytes) {
  if (scratch_ == nullptr || scratch_->size() < bytes) {
    scratch_ = std::make_shared<const DeviceBuffer>(std::bit_ceil(bytes));
  }
  return scratch_;
}

const Cudnn& CudaDevice::cudnn() {
  if (!cudnn_) cudnn_.emplace(stream());
  return *cudnn_;
}

void CudaDevice::Synchronize() const {
  CheckCuda(cudaStreamSynchronize(stream()), "cudaStreamSynchronize");
}

}  // namespace seve
