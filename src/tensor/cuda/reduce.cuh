// Sums within a block, always in the same order, so that equal input gives equal bits.
#pragma once

#include <cuda_runtime.h>

namespace seve {

// The sum over the warp's 32 lanes, in every lane.
template <typename T>
__device__ T WarpSum(T value) {
  for (int offset = 16; offset > 0; offset /= 2) {
    value += __shfl_xor_sync(0xffffffffu, value, offset);
  }
  return value;
}

// The sum over a block of kBlockThreads threads (a multiple of 32, up to 1,024), in every thread.
// All threads take part; the block may use it again at once.
template <int kBlockThreads, typename T>
__device__ T BlockSum(T value) {
  constexpr int kWarps = kBlockThreads / 32;
  __shared__ T of_warps[kWarps];
  value = WarpSum(value);
  if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32] = value;
  __syncthreads();
  T sum = of_warps[0];
  for (int warp = 1; warp < kWarps; ++warp) sum += of_warps[warp];
  __syncthreads();
  return sum;
}

}  // namespace seve
