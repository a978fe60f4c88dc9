// The order of samples as a formula that the host and kernels share.
#pragma once

#include <cstdint>

#include "base/philox.h"

namespace seve {

// A pseudo-random permutation of [0, size): a balanced Feistel network on the next even number of
// bits, walked along its cycle until it lands inside (Black & Rogaway, "Ciphers with arbitrary
// finite domains", CT-RSA 2002). A pure function of key and index. The rounds mix with two
// multiplications under the Philox key instead of running Philox itself: ten times cheaper, and an
// order of samples needs no more.
struct SampleOrder {
  uint64_t key;
  uint64_t size;
  int half_bits;

  // size >= 1.
  SEVE_HOST_DEVICE static SampleOrder Of(Philox key, int64_t size) {
    SampleOrder order = {uint64_t{key.key[1]} << 32 | key.key[0], static_cast<uint64_t>(size), 3};
    // At least six bits: smaller networks visibly prefer some permutations of a tiny range.
    while (order.half_bits < 32 && (order.size - 1) >> (2 * order.half_bits) != 0) {
      ++order.half_bits;
    }
    return order;
  }

  // index in [0, size); outside, the walk might never come back.
  SEVE_HOST_DEVICE int64_t operator()(int64_t index) const {
    constexpr int kRounds = 6;
    const uint64_t mask = (uint64_t{1} << half_bits) - 1;
    auto x = static_cast<uint64_t>(index);
    do {
      uint64_t left = x >> half_bits;
      uint64_t right = x & mask;
      uint64_t round_key = key;
      for (int round = 0; round < kRounds; ++round) {
        const uint64_t mixed = left ^ (Mix(right ^ round_key) >> (64 - half_bits));
        left = right;
        right = mixed;
        round_key += 0x9E3779B97F4A7C15u;
      }
      x = left << half_bits | right;
    } while (x >= size);
    return static_cast<int64_t>(x);
  }

 private:
  // The finaliser of SplitMix64 without its last shift: the high bits depend on every bit of x.
  SEVE_HOST_DEVICE static uint64_t Mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    return (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  }
};

// The order of the training samples, of which there are `size`, in `epoch`. Epochs are spread over
// the 64-bit names of streams, so that (seed + 1, epoch) is not (seed, epoch + 1).
SEVE_HOST_DEVICE SampleOrder EpochOrder(uint64_t seed, int64_t epoch, int64_t size) {
  const Philox stream =
      RandomStream(seed, RandomPurpose::kOrder, static_cast<uint64_t>(epoch) * 0xD1B54A32D192ED03u);
  return SampleOrder::Of(stream, size);
}

}  // namespace seve
