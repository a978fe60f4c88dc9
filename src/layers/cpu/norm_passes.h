// The passes over memory that normalisation is made of, over matrices whose columns are channels.
#pragma once

#include <span>
#include <vector>

#include "layers/activation_functions.h"
#include "layers/cpu/folded_rows.h"

namespace seve {

// y = f(z), z = (x - mean) scale + shift, with mean, scale and shift of each column; and backward,
// with dz = dy f'(z): dx = outer (inner dz - slope (x - mean) - level).
class NormPasses {
 public:
  NormPasses(const Activation& activation, int64_t rows, int64_t columns);

  // Of a column. Neither pass is called before all are set.
  void SetForward(int64_t column, float mean, float scale, float shift);
  void SetBackward(int64_t column, float outer, float inner, float slope, float level);

  void Forward(const float* x, float* y) const;

  // Sums over the rows, of each column: of dz and of dz (x - mean).
  void SumGradients(const float* x, const float* dy);
  [[nodiscard]] std::span<const double> sums() const { return Columns(sums_); }
  [[nodiscard]] std::span<const double> moments() const { return Columns(moments_); }

  // dx, or dx += with `add`, of `count` values from the beginning of any row on.
  void Backward(const float* x, const float* dy, float* dx, int64_t count, bool add) const;

  // The same for y = g(z + s), z without an activation of its own.
  void ForwardWithSum(const Activation& g, const float* x, const float* s, float* y) const;

  struct SumGradient {
    const float* dy;
    const float* seen;  // y; s where the slope of g needs its input
    float* dz;          // dy g'(z + s), for Backward; may be dy
    float* added;       // += dz; may be null
  };
  void SumGradients(const Activation& g, const float* x, const SumGradient& of);

 private:
  using Floats = std::vector<float>;

  [[nodiscard]] std::span<const double> Columns(const std::vector<double>& of) const {
    return std::span(of).first(static_cast<size_t>(folded_.columns));
  }
  // A value of a column, at all places of a long row that belong to the column.
  void Set(Floats& values, int64_t column, float value) const;
  // Calls add(first value, rows, width) for each block of rows, which leaves its sums in
  // block_sums_ and block_moments_.
  template <typename Add>
  void ForEachBlock(Add add);
  void TakeBlock(int64_t width);

  Activation activation_;
  FoldedRows folded_;
  // Of each place of a long row.
  Floats means_, scales_, shifts_;
  Floats outer_, inner_, slopes_, levels_;
  Floats block_sums_, block_moments_;
  std::vector<double> sums_, moments_;  // in the end of each column, at the beginning
};

}  // namespace seve
