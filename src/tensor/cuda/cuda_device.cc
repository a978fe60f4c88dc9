#include "tensor/cuda/cuda_device.h"

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

void CudaDevice::Synchronize() const {
  CheckCuda(cudaStreamSynchronize(stream()), "cudaStreamSynchronize");
}

}  // namespace seve
