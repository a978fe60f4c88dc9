#include "layers/cpu/column_sums.h"

namespace seve {
namespace {

constexpr int64_t kBlock = 64;  // columns whose sums stay in registers

// kWidth columns of a matrix with `stride` columns.
template <int64_t kWidth>
void SumBlock(const float* __restrict values, int64_t rows, int64_t stride, float* __restrict sums,
              bool add) {
  float block[kWidth] = {};
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t j = 0; j < kWidth; ++j) block[j] += values[row * stride + j];
  }
  for (int64_t j = 0; j < kWidth; ++j) sums[j] = add ? sums[j] + block[j] : block[j];
}

}  // namespace

void ColumnSums(const float* values, int64_t rows, int64_t columns, float* sums, bool add) {
  int64_t j = 0;
  for (; j + kBlock <= columns; j += kBlock)
    SumBlock<kBlock>(values + j, rows, columns, sums + j, add);
  for (; j + 8 <= columns; j += 8) SumBlock<8>(values + j, rows, columns, sums + j, add);
  for (; j < columns; ++j) SumBlock<1>(values + j, rows, columns, sums + j, add);
}

}  // namespace seve
