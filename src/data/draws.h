// The random numbers of one sample, one after the other.
#pragma once

#include <cstdint>

#include "base/philox.h"

namespace seve {

// A pure function of stream, sample and epoch: the n-th draw is always the same.
class Draws {
 public:
  SEVE_HOST_DEVICE Draws(Philox stream, int64_t sample, uint32_t epoch = 0)
      : stream_(stream), sample_(static_cast<uint64_t>(sample)), epoch_(epoch) {}

  SEVE_HOST_DEVICE uint32_t Word() {
    if (used_ == 4) {
      block_ = stream_(static_cast<uint32_t>(sample_), static_cast<uint32_t>(sample_ >> 32),
                       counter_++, epoch_);
      used_ = 0;
    }
    return block_[used_++];
  }
  float Uniform(float low, float high) { return low + (high - low) * UnitFloat(Word()); }
  float Normal(float deviation) {
    const uint32_t a = Word();
    return deviation * StandardNormal(a, Word());
  }
  // In [0, count).
  SEVE_HOST_DEVICE uint32_t Below(uint32_t count) {
    return static_cast<uint32_t>((uint64_t{Word()} * count) >> 32);
  }

 private:
  Philox stream_;
  uint64_t sample_;
  uint32_t epoch_;
  uint32_t counter_ = 0;
  uint32_t used_ = 4;
  Philox::Block block_{};
};

}  // namespace seve
