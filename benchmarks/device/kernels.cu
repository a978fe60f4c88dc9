#include "benchmarks/device/kernels.h"
#include "tensor/cuda/elements.cuh"
#include "tensor/cuda/launch.cuh"

namespace seve::benchmark {
namespace {

__global__ void Copy(const uint4* from, uint4* to, int64_t count) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count;
       i += stride) {
    to[i] = from[i];
  }
}

// A multiplicative hash of the place (Knuth), its upper bits mixed into the lower.
template <typename T>
__global__ void Noise(T* to, int64_t count) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count;
       i += stride) {
    uint32_t bits = static_cast<uint32_t>(i) * 2654435761u;
    bits = (bits ^ (bits >> 15)) * 2246822519u;
    const float unit = static_cast<float>(bits >> 8) * 0x1p-24f;
    to[i] = FromFloat<T>(2.0f * unit - 1.0f);
  }
}

}  // namespace

void CopyPacks(const void* from, void* to, size_t bytes, cudaStream_t stream) {
  const auto count = static_cast<int64_t>(bytes / sizeof(uint4));
  Launch(Copy, BlocksFor(count, kThreads), kThreads, stream, static_cast<const uint4*>(from),
         static_cast<uint4*>(to), count);
}

void FillWithNoise(DType type, void* to, int64_t count, cudaStream_t stream) {
  WithFloatingType(type, [&](auto element) {
    using T = decltype(element);
    Launch(Noise<T>, BlocksFor(count, kThreads), kThreads, stream, static_cast<T*>(to), count);
  });
}

}  // namespace seve::benchmark
