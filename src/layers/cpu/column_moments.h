// Mean and variance of the columns of a matrix.
#pragma once

#include <span>
#include <vector>

#include "layers/cpu/folded_rows.h"

namespace seve {

// The moments of blocks of rows, each taken around its own mean in float32, put together in float64
// (Chan, Golub & LeVeque 1983): as good for columns far from 0 as for those around it. The order of
// additions depends on the extents alone.
class ColumnMoments {
 public:
  ColumnMoments(int64_t rows, int64_t columns);

  void Run(const float* values);

  // The same a few rows at a time: Add for all rows of `values` in order, and between Start and
  // Finish. Only the last may be fewer than a multiple of part().
  void Start();
  void Add(const float* values, int64_t first, int64_t rows);
  void Finish() { Unfold(); }
  [[nodiscard]] int64_t part() const;

  // Of the latest Run or Finish, one for each column. Squares: sums of squared distances from the
  // mean.
  [[nodiscard]] std::span<const double> means() const { return Columns(means_); }
  [[nodiscard]] std::span<const double> squares() const { return Columns(squares_); }

 private:
  [[nodiscard]] std::span<const double> Columns(const std::vector<double>& of) const {
    return std::span(of).first(static_cast<size_t>(folded_.columns));
  }
  void AddBlock(const float* values, int64_t rows, int64_t before);
  void AddTail(const float* values);
  void Unfold();

  FoldedRows folded_;
  // Of each place of a long row; after Unfold() of each column, at the beginning.
  std::vector<double> means_, squares_;
  std::vector<float> centres_, rests_, block_squares_;
};

}  // namespace seve
