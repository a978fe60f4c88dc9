// Which sample stands at which position: keyed permutations, computable at any position without a
// table being exchanged.
#pragma once

#include <cstdint>
#include <vector>

#include "base/philox.h"

namespace seve {

// A pseudo-random permutation of [0, size): a balanced Feistel network on the next even number of
// bits, walked along its cycle until it lands inside (Black & Rogaway, "Ciphers with arbitrary
// finite domains", CT-RSA 2002). A pure function of key and index. The rounds mix with two
// multiplications under the Philox key instead of running Philox itself: ten times cheaper, and an
// order of samples needs no more.
class KeyedPermutation {
 public:
  // size >= 1.
  KeyedPermutation(Philox key, int64_t size);
  // index in [0, size), which is checked.
  [[nodiscard]] int64_t operator()(int64_t index) const;
  [[nodiscard]] int64_t size() const { return static_cast<int64_t>(size_); }

 private:
  uint64_t key_;
  uint64_t size_;
  int half_bits_;
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

  // Index in the data set of the training sample at `position` in [0, train_size()) of `epoch`.
  [[nodiscard]] int64_t Train(int64_t epoch, int64_t position) const;
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
