// Moves blocks of rows between matrices of a GPU: what layers with several inputs do.
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "tensor/tensor.h"

namespace seve {

// Neighbouring columns of a tensor taken as a matrix (rows, columns).
struct TensorColumns {
  const Tensor& matrix;
  int64_t first = 0;    // column
  int64_t columns = 0;  // of the whole matrix
};

// to = from, or to += from with `add`: `rows` rows, `columns` neighbouring values of each.
void MoveRows(const TensorColumns& from, const TensorColumns& to, int64_t rows, int64_t columns,
              bool add, cudaStream_t stream);

}  // namespace seve
