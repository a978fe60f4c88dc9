// Which sample stands at which position: keyed permutations, computable at any position without a
// table being exchanged.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/sample_order.h"

namespace seve {

// A SampleOrder with its arguments checked.
class KeyedPermutation {
 public:
  // size >= 1.
  KeyedPermutation(Philox key, int64_t size);
  explicit KeyedPermutation(const SampleOrder& order);
  // index in [0, size), which is checked.
  [[nodiscard]] int64_t operator()(int64_t index) const;
  [[nodiscard]] int64_t size() const { return static_cast<int64_t>(order_.size); }

 private:
  SampleOrder order_;
};

// The order of training and validation samples. The split is a permutation by seed alone; the
// training order a permutation by seed and epoch. Immutable, so any thread may ask.
class Sampler {
 public:
  // round(validation_fraction * samples) samples are set aside. samples in [1, 2^31), fraction in
  // [0, 1).
  Sampler(int64_t samples, double validation_fraction, uint64_t seed);

  [[nodiscard]] int64_t train_size() const { return train_; }
  [[nodiscard]] int64_t validation_size() const { return samples_ - train_; }

  [[nodiscard]] uint64_t seed() const { return seed_; }
  // Index in the data set of the training sample at `position` in [0, train_size()) of `epoch`.
  [[nodiscard]] int64_t Train(int64_t epoch, int64_t position) const;
  // Train(epoch, position) is TrainingSplit()[EpochOrder(seed, epoch, train_size())(position)],
  // which kernels work out.
  [[nodiscard]] std::span<const int32_t> TrainingSplit() const {
    return std::span(split_).first(static_cast<size_t>(train_));
  }
  // Index in the data set of the validation sample at `position` in [0, validation_size()).
  [[nodiscard]] int64_t Validation(int64_t position) const;

 private:
  int64_t samples_;
  int64_t train_;
  uint64_t seed_;
  std::vector<int32_t>
      split_;  // the split's permutation written out: training samples, then validation
};

}  // namespace seve
