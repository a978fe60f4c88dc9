// Adds up partial sums: the second stage of what column_sums.cuh and others begin, so that sums
// over many rows are formed by many blocks and yet in a fixed order.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

namespace seve {

// sums(columns) = column sums of partial(parts, columns), or += with `add`; parts in order.
void AddParts(const float* partial, int64_t parts, int64_t columns, float* sums, bool add,
              cudaStream_t stream);

}  // namespace seve
