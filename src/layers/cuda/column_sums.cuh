// Column sums of what a functor computes of a matrix: bias gradients, slope gradients. The order of
// additions depends on the matrix's extents alone.
#pragma once

#include <algorithm>

#include "layers/cuda/column_sums.h"
#include "layers/cuda/runs.cuh"
#include "tensor/cuda/cuda_device.h"

namespace seve {

// A block sums chunk_rows rows of 32 * kWidth columns: a warp takes every eighth row.
constexpr int kColumnLanes = 32;
constexpr int kColumnWarps = kThreads / kColumnLanes;

// sums(chunks, columns) of values(rows, columns), the grid being (blocks of columns, chunks).
// term(RunSize, first, values) gives the values of elements first, first + 1, ... of one row.
template <int kWidth, typename Term>
__global__ void ColumnSumsKernel(Term term, int64_t rows, int64_t columns, int64_t chunk_rows,
                                 float* sums, bool add) {
  __shared__ float of_warps[kColumnWarps][kColumnLanes * kWidth];
  const int lane = static_cast<int>(threadIdx.x) % kColumnLanes;
  const int warp = static_cast<int>(threadIdx.x) / kColumnLanes;
  const int64_t block_column = int64_t{blockIdx.x} * kColumnLanes * kWidth;
  const int64_t column = block_column + lane * kWidth;
  const int64_t begin = blockIdx.y * chunk_rows;
  const int64_t end = begin + chunk_rows < rows ? begin + chunk_rows : rows;
  float own[kWidth] = {};
  if (column < columns) {
    for (int64_t row = begin + warp; row < end; row += kColumnWarps) {
      float values[kWidth];
      term(RunSize<kWidth>{}, row * columns + column, values);
      for (int i = 0; i < kWidth; ++i) own[i] += values[i];
    }
  }
  for (int i = 0; i < kWidth; ++i) of_warps[warp][lane * kWidth + i] = own[i];
  __syncthreads();
  const int j = static_cast<int>(threadIdx.x);
  if (j >= kColumnLanes * kWidth || block_column + j >= columns) return;
  float sum = 0;
  for (int w = 0; w < kColumnWarps; ++w) sum += of_warps[w][j];
  float& out = sums[blockIdx.y * columns + block_column + j];
  out = add ? out + sum : sum;
}

// sums(columns) = column sums of term over (rows, columns) of element type T, or += with `add`.
// Where the columns are whole Packs, term is called with Packs.
template <typename T, typename Term>
void ColumnSums(const Term& term, int64_t rows, int64_t columns, float* sums, bool add,
                const CudaDevice& device) {
  constexpr int64_t kFewestRows = 64;   // of a chunk
  constexpr int64_t kMostChunks = 128;  // added by one thread a column
  constexpr int64_t kEnoughBlocks = 1024;
  const bool packs = columns % Pack<T>::kSize == 0;
  const int64_t width = packs ? Pack<T>::kSize : 1;
  const int64_t column_blocks = (columns + kColumnLanes * width - 1) / (kColumnLanes * width);
  const int64_t most = std::clamp<int64_t>(kEnoughBlocks / column_blocks, 1, kMostChunks);
  const int64_t chunks = std::clamp<int64_t>(rows / kFewestRows, 1, most);
  const int64_t chunk_rows = (rows + chunks - 1) / chunks;
  // At most kEnoughBlocks * 256 floats where there are several chunks.
  float* partial = chunks > 1 ? device.workspace().As<float>() : sums;
  const auto kernel = packs ? ColumnSumsKernel<Pack<T>::kSize, Term> : ColumnSumsKernel<1, Term>;
  Launch(kernel, dim3(static_cast<unsigned>(column_blocks), static_cast<unsigned>(chunks)),
         kThreads, device.stream(), term, rows, columns, chunk_rows, partial, chunks == 1 && add);
  if (chunks > 1) AddParts(partial, chunks, columns, sums, add, device.stream());
}

}  // namespace seve
