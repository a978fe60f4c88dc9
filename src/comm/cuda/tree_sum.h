// comm/tree_sum.h on a GPU: the sum of a slice's parts, one a rank, as its owner computes it.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>

namespace seve {

struct StagedParts {
  float* staged;  // part k lies at staged + k * pitch, 16-byte aligned; scratch afterwards
  size_t pitch;   // in floats, a multiple of 4
  int parts;      // a power of two
  int own;        // this part is not staged: it lies where the sum goes
};

// values[0, count) becomes the sum of all parts, bit for bit what TreeSum gives. Enqueued in
// `stream`. Reads each part once, 16 bytes at a time where `values` is aligned to that; of more
// than 8 parts, sums of 8 are written and read once more.
void TreeSumOnGpu(const StagedParts& parts, float* values, size_t count, cudaStream_t stream);

}  // namespace seve
