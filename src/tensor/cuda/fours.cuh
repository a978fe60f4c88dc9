// Arrays gone through four elements at a time, whatever their types.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <type_traits>

namespace seve {

// Neighbouring elements, read and written at once; the first is aligned to all of them.
template <typename T, int kCount>
struct alignas(sizeof(T) * kCount) Group {
  T values[kCount];

  __device__ static Group Load(const T* from) { return *reinterpret_cast<const Group*>(from); }
  __device__ void Store(T* to) const { *reinterpret_cast<Group*>(to) = *this; }
};

// Calls body(four, i), four = std::integral_constant<int, 4>, for i = 0, 4, 8, …, then body(one, i)
// for each of the up to three elements after them, spread over the grid.
template <typename Body>
__device__ void ForEachFour(size_t count, Body body) {
  const size_t thread = size_t{blockIdx.x} * blockDim.x + threadIdx.x;
  const size_t threads = size_t{gridDim.x} * blockDim.x;
  for (size_t four = thread; four < count / 4; four += threads) {
    body(std::integral_constant<int, 4>{}, 4 * four);
  }
  const size_t rest = count / 4 * 4 + thread;
  if (rest < count) body(std::integral_constant<int, 1>{}, rest);
}

}  // namespace seve
