// The one way kernels are launched.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "tensor/cuda/check.h"

namespace seve {

constexpr int kThreads = 256;  // of a block, unless a kernel says otherwise

// Blocks for `count` items, `each` of them a block; at least one, at most 2^20: kernels whose count
// may be larger go on in strides of the grid.
constexpr unsigned BlocksFor(int64_t count, int64_t each) {
  constexpr int64_t kMost = int64_t{1} << 20;
  const int64_t blocks = (count + each - 1) / each;
  return static_cast<unsigned>(blocks < 1 ? 1 : (blocks > kMost ? kMost : blocks));
}

// Launch(kernel, blocks, threads, stream, arguments...), each argument of the very type the kernel
// has.
template <typename... Parameters, typename... Arguments>
void Launch(void (*kernel)(Parameters...), dim3 blocks, dim3 threads, cudaStream_t stream,
            Arguments... arguments) {
  cudaLaunchConfig_t config = {};
  config.gridDim = blocks;
  config.blockDim = threads;
  config.stream = stream;
  CheckCuda(cudaLaunchKernelEx(&config, kernel, static_cast<Parameters>(arguments)...),
            "a kernel's launch");
}

}  // namespace seve
