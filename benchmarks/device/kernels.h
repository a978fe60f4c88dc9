// Kernels of the measurements themselves.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "tensor/dtype.h"

namespace seve::benchmark {

// Copies with a thread for every 16 bytes, of which `bytes` is a multiple: what a kernel that reads
// and writes memory once can reach.
void CopyPacks(const void* from, void* to, size_t bytes, cudaStream_t stream);

// Numbers between -1 and 1 without any order: zeros draw less power and run faster than data.
void FillWithNoise(DType type, void* to, int64_t count, cudaStream_t stream);

}  // namespace seve::benchmark
