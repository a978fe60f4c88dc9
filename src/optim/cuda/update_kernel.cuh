// Applies a rule to a slice on a GPU, in one pass over gradients, parameters and states.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>

#include "base/error.h"
#include "optim/finite.h"
#include "optim/optimizer.h"
#include "optim/rule.h"
#include "tensor/cuda/cuda_device.h"
#include "tensor/cuda/elements.cuh"
#include "tensor/cuda/launch.cuh"

namespace seve {

// Four elements of the copy: as many as a thread updates at once.
template <typename Copy>
struct alignas(4 * sizeof(Copy)) CopyOfFour {
  Copy values[4];
};

template <typename Rule, typename Copy>
__global__ void UpdateKernel(const typename Rule::Options options, const CudaSliceUpdate slice) {
  const DeviceUpdate& update = *slice.update;
  if (update.skip != 0) return;
  __shared__ Rule of_block;
  if (threadIdx.x == 0) {
    of_block = Rule::Of(options, {.gradient_scale = update.gradient_scale,
                                  .learning_rate = update.learning_rate * slice.learning_rate_scale,
                                  .weight_decay = slice.weight_decay,
                                  .step = update.step});
  }
  __syncthreads();
  const Rule rule = of_block;

  using Four = Pack<float>;
  float* const first_state = slice.states[0];
  float* const second_state = slice.states[1];
  uint32_t bad = 0;
  const size_t stride = size_t{4} * gridDim.x * blockDim.x;
  size_t i = size_t{4} * (size_t{blockIdx.x} * blockDim.x + threadIdx.x);
  for (; i < slice.count; i += stride) {
    const Four gradients = Four::Load(slice.gradients + i);
    Four parameters = Four::Load(slice.parameters + i);
    Four first = {}, second = {};
    if constexpr (Rule::kStates > 0) first = Four::Load(first_state + i);
    if constexpr (Rule::kStates > 1) second = Four::Load(second_state + i);
    CopyOfFour<Copy> copy;
    for (int k = 0; k < 4; ++k) {
      bad |= NotFinite(gradients.values[k]);
      rule(gradients.values[k], parameters.values[k], first.values[k], second.values[k]);
      copy.values[k] = FromFloat<Copy>(parameters.values[k]);
    }
    parameters.Store(slice.parameters + i);
    if constexpr (Rule::kStates > 0) first.Store(first_state + i);
    if constexpr (Rule::kStates > 1) second.Store(second_state + i);
    if (slice.copy != nullptr) {
      *reinterpret_cast<CopyOfFour<Copy>*>(static_cast<Copy*>(slice.copy) + i) = copy;
    }
  }
  if (bad != 0) atomicOr(&slice.update->non_finite, 1);
}

template <typename Rule>
void EnqueueUpdate(const typename Rule::Options& options, const CudaSliceUpdate& slice,
                   const CudaDevice& device) {
  Check(slice.count % 4 == 0, "a slice that ends inside a group of four");
  Check(slice.update != nullptr, "an update on a GPU that knows nothing of its step");
  if (slice.count == 0) return;
  // Each block works the constants out first: no more blocks than run at once, which is six a
  // multiprocessor with up to 42 registers a thread.
  const unsigned resident = 6 * static_cast<unsigned>(device.multiprocessors());
  const unsigned blocks =
      std::min(resident, BlocksFor(static_cast<int64_t>(slice.count), int64_t{4} * kThreads));
  WithFloatingType(slice.copy == nullptr ? DType::kFloat32 : slice.copy_type, [&](auto element) {
    Launch(UpdateKernel<Rule, decltype(element)>, blocks, kThreads, device.stream(), options,
           slice);
  });
}

}  // namespace seve
