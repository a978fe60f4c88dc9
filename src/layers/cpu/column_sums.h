// Column sums of a matrix: what bias gradients are made of.
#pragma once

#include <cstdint>

namespace seve {

// sums(columns) = column sums of values(rows, columns), or += with `add`; rows are added in order.
void ColumnSums(const float* values, int64_t rows, int64_t columns, float* sums, bool add);

}  // namespace seve
