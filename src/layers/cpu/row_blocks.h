// Moves blocks of rows between matrices: what layers with several inputs do.
#pragma once

#include <cstdint>

namespace seve {

// Neighbouring columns of a matrix: the first value, and the number of columns of the whole matrix.
template <typename T>
struct RowBlock {
  T* first;
  int64_t stride;
};

// to = from, or to += from with `add`: `rows` rows, `columns` neighbouring values of each.
inline void MoveRows(RowBlock<const float> from, RowBlock<float> to, int64_t rows, int64_t columns,
                     bool add) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* __restrict x = from.first + row * from.stride;
    float* __restrict y = to.first + row * to.stride;
    for (int64_t i = 0; i < columns; ++i) y[i] = add ? y[i] + x[i] : x[i];
  }
}

}  // namespace seve
