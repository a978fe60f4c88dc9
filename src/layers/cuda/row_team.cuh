// Threads that share a row: what is computed of each row by itself.
#pragma once

#include <cmath>

#include "tensor/cuda/launch.cuh"
#include "tensor/cuda/reduce.cuh"

namespace seve {

// The threads that share a row: a warp, or where rows are wide the whole block. Sums come to all of
// them; all threads of a block call them together.
struct RowTeam {
  bool whole_block;

  __device__ int size() const { return whole_block ? kThreads : 32; }
  __device__ int rank() const { return static_cast<int>(threadIdx.x) % size(); }
  template <typename T>
  __device__ T Sum(T value) const {
    return whole_block ? BlockSum<kThreads>(value) : WarpSum(value);
  }
  // The largest; a NaN is passed over.
  __device__ float Largest(float value) const {
    value = WarpLargest(value);
    if (!whole_block) return value;
    __shared__ float of_warps[kThreads / 32];
    if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32] = value;
    __syncthreads();
    value = WarpLargest(of_warps[threadIdx.x % (kThreads / 32)]);
    __syncthreads();
    return value;
  }

 private:
  __device__ static float WarpLargest(float value) {
    for (int offset = 16; offset > 0; offset /= 2) {
      const float other = __shfl_xor_sync(0xffffffffu, value, offset);
      value = other > value ? other : value;
    }
    return value;
  }
};

}  // namespace seve
