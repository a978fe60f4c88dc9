// Runs of elements: how kernels over flat arrays read and write 16 bytes at a time.
#pragma once

#include <cstdint>
#include <type_traits>

#include "tensor/cuda/elements.cuh"
#include "tensor/cuda/launch.cuh"

namespace seve {

// kSize elements from an address that they are aligned to: a Pack, or one.
template <int kSize, typename T>
__device__ void LoadRun(const T* from, float (&values)[kSize]) {
  if constexpr (kSize == 1) {
    values[0] = ToFloat(*from);
  } else {
    static_assert(kSize == Pack<T>::kSize);
    const Pack<T> pack = Pack<T>::Load(from);
    for (int i = 0; i < kSize; ++i) values[i] = ToFloat(pack.values[i]);
  }
}

template <int kSize, typename T>
__device__ void StoreRun(const float (&values)[kSize], T* to) {
  if constexpr (kSize == 1) {
    *to = FromFloat<T>(values[0]);
  } else {
    static_assert(kSize == Pack<T>::kSize);
    Pack<T> pack;
    for (int i = 0; i < kSize; ++i) pack.values[i] = FromFloat<T>(values[i]);
    pack.Store(to);
  }
}

// to = values, or to += values with `add`.
template <int kSize, typename T>
__device__ void StoreOrAddRun(float (&values)[kSize], T* to, bool add) {
  if (add) {
    float before[kSize];
    LoadRun(to, before);
    for (int i = 0; i < kSize; ++i) values[i] += before[i];
  }
  StoreRun(values, to);
}

template <int kSize>
using RunSize = std::integral_constant<int, kSize>;

// Calls body(RunSize, index of the run's first element) for runs that cover `count` elements of
// 16-byte aligned arrays, spread over all threads of the grid: Packs, then the tail one by one.
template <typename T, typename Body>
__device__ void ForEachRun(int64_t count, Body body) {
  constexpr int kSize = Pack<T>::kSize;
  const int64_t packs = count / kSize;
  const int64_t thread = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  const int64_t threads = int64_t{gridDim.x} * blockDim.x;
  for (int64_t pack = thread; pack < packs; pack += threads) {
    body(RunSize<kSize>{}, pack * kSize);
  }
  const int64_t tail = packs * kSize + thread;
  if (tail < count) body(RunSize<1>{}, tail);
}

// Of kThreads threads, for a kernel that goes through `count` elements with ForEachRun.
template <typename T>
unsigned BlocksForRuns(int64_t count) {
  return BlocksFor(count, kThreads * Pack<T>::kSize);
}

}  // namespace seve
