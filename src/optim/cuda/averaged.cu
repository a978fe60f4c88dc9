// The average of weights on a GPU: one pass behind the optimizer's own.
#include "optim/average_rule.h"
#include "optim/averaged.h"
#include "tensor/cuda/cuda_device.h"
#include "tensor/cuda/elements.cuh"
#include "tensor/cuda/launch.cuh"

namespace seve {
namespace {

__global__ void AverageKernel(const CudaSliceUpdate slice, float* averages, float decay) {
  if (slice.update->skip != 0) return;
  const float share = AverageShare(decay, slice.update->step);
  const size_t stride = size_t{gridDim.x} * blockDim.x;
  for (size_t i = size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < slice.count; i += stride) {
    averages[i] = NextAverage(averages[i], slice.parameters[i], share);
  }
}

}  // namespace

void Averaged::UpdateCuda(const CudaSliceUpdate& slice, const CudaDevice& device) const {
  rule_->UpdateCuda(slice, device);
  if (slice.count == 0) return;
  float* const averages = slice.states[rule_->StateNames().size()];
  Launch(AverageKernel, BlocksFor(static_cast<int64_t>(slice.count), kThreads), kThreads,
         device.stream(), slice, averages, decay_);
}

}  // namespace seve
