#include "data/sampler.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace seve {
namespace {

constexpr int kRounds = 6;

// The finaliser of SplitMix64 without its last shift: the high bits depend on every bit of x.
inline uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  return (x ^ (x >> 27)) * 0x94D049BB133111EBu;
}

// Epochs are spread over the 64-bit names, so that (seed + 1, epoch) is not (seed, epoch + 1).
Philox OrderStream(uint64_t seed, int64_t epoch) {
  return RandomStream(seed, RandomPurpose::kOrder,
                      static_cast<uint64_t>(epoch) * 0xD1B54A32D192ED03u);
}

}  // namespace

KeyedPermutation::KeyedPermutation(Philox key, int64_t size)
    : key_(uint64_t{key.key[1]} << 32 | key.key[0]), size_(static_cast<uint64_t>(size)) {
  Check(size >= 1, "a permutation of nothing");
  // At least six bits: smaller networks visibly prefer some permutations of a tiny range.
  half_bits_ = std::max(3, (static_cast<int>(std::bit_width(size_ - 1)) + 1) / 2);
}

int64_t KeyedPermutation::operator()(int64_t index) const {
  // Outside, the walk might never come back.
  if (static_cast<uint64_t>(index) >= size_) Check(false, "index outside the permutation");
  const uint64_t mask = (uint64_t{1} << half_bits_) - 1;
  uint64_t x = static_cast<uint64_t>(index);
  do {
    uint64_t left = x >> half_bits_;
    uint64_t right = x & mask;
    uint64_t round_key = key_;
    for (int round = 0; round < kRounds; ++round) {
      const uint64_t mixed = left ^ (Mix(right ^ round_key) >> (64 - half_bits_));
      left = right;
      right = mixed;
      round_key += 0x9E3779B97F4A7C15u;
    }
    x = left << half_bits_ | right;
  } while (x >= size_);
  return static_cast<int64_t>(x);
}

Sampler::Sampler(int64_t samples, double validation_fraction, uint64_t seed)
    : samples_(samples), seed_(seed) {
  Check(samples >= 1 && samples <= std::numeric_limits<int32_t>::max(),
        "a sampler needs between 1 and 2^31 - 1 samples");
  Check(validation_fraction >= 0 && validation_fraction < 1, "validation fraction outside [0, 1)");
  train_ = samples - std::llround(validation_fraction * static_cast<double>(samples));
  const KeyedPermutation split(RandomStream(seed, RandomPurpose::kSplit), samples);
  split_.resize(static_cast<size_t>(samples));
  for (int64_t i = 0; i < samples; ++i) {
    split_[static_cast<size_t>(i)] = static_cast<int32_t>(split(i));
  }
}

int64_t Sampler::Train(int64_t epoch, int64_t position) const {
  const KeyedPermutation order(OrderStream(seed_, epoch), train_);
  return split_[static_cast<size_t>(order(position))];
}

int64_t Sampler::Validation(int64_t position) const {
  if (position < 0 || position >= validation_size())
    Check(false, "position outside the validation split");
  return split_[static_cast<size_t>(train_ + position)];
}

}  // namespace seve
