// A matrix gone through several rows at a time, so that loops over few columns are long enough to
// vectorise well.
#pragma once

#include <algorithm>
#include <cstdint>

namespace seve {

// (rows, columns) as (long_rows, width) with width = fold * columns, and `tail` rows that are left.
struct FoldedRows {
  FoldedRows(int64_t rows_, int64_t columns_) : rows(rows_), columns(columns_) {
    constexpr int64_t kLongEnough = 256;
    fold = std::clamp<int64_t>(kLongEnough / std::max<int64_t>(columns, 1), 1,
                               std::max<int64_t>(rows, 1));
    width = fold * columns;
    long_rows = rows / fold;
    tail = rows - long_rows * fold;
  }

  int64_t rows, columns;
  int64_t fold, width, long_rows, tail;

  // Calls body(index of the first element, elements) for each long row, then for the tail.
  template <typename Body>
  void ForEach(Body body) const {
    for (int64_t row = 0; row < long_rows; ++row) body(row * width, width);
    if (tail > 0) body(long_rows * width, tail * columns);
  }

  // The same for blocks of long rows, body(first long row, rows); the tail is left to the caller.
  template <typename Body>
  void ForEachBlock(int64_t block, Body body) const {
    for (int64_t row = 0; row < long_rows; row += block)
      body(row, std::min(block, long_rows - row));
  }
};

}  // namespace seve
