// Counts what a classifier's scores amount to: which class was taken for which, and how often the
// target is among the k highest. Whole numbers, so they add up alike in any order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace seve {

// Index of the highest score, the first among equals; a NaN is below every number.
size_t Highest(std::span<const float> scores);

class ScoreCounts {
 public:
  // `top`: the numbers k, each at least 1 and at most `classes`. A table of classes^2 counts is
  // kept up to kMostClasses.
  ScoreCounts(int64_t classes, std::vector<int64_t> top);
  static constexpr int64_t kMostClasses = 1000;

  // scores: (N, classes) float32, target: (N) int32 class indices. Among equal scores the first
  // counts as the highest; a NaN is below every number and never among the highest.
  void Add(const Tensor& scores, const Tensor& target);
  void Clear();

  // Everything counted, to be summed over ranks in place.
  [[nodiscard]] std::span<double> all() { return counts_; }

  [[nodiscard]] int64_t classes() const { return classes_; }
  // (truth, said), row-major; empty beyond kMostClasses.
  [[nodiscard]] std::span<const double> confusion() const;
  // Samples whose target is among the top[i] highest.
  [[nodiscard]] double among_top(size_t i) const { return counts_[i]; }

 private:
  int64_t classes_;
  std::vector<int64_t> top_;
  std::vector<double> counts_;  // of each top, then the table
};

}  // namespace seve
