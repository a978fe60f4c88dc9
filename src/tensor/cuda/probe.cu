#include <cuda_runtime.h>

#include "tensor/cuda/probe.h"

namespace seve {
namespace {

__global__ void Nothing() {}

}  // namespace

cudaError_t ProbeKernels() {
  cudaFuncAttributes attributes = {};
  return cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(&Nothing));
}

}  // namespace seve
