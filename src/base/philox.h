// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
// 1, 2, 3", SC'11). A draw is a pure function of key and counter, so what a sample sees does not
// depend on how many ranks share the work.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

#include "base/host_device.h"

namespace seve {

// What a stream of random numbers is for; part of the key, so that streams never overlap.
enum class RandomPurpose : uint32_t {
  kInitialization = 1,
  kSplit = 2,
  kOrder = 3,
  kDropout = 4,
  kAugmentation = 5,
  kGeneratedData = 6,
  kPixelPermutation = 7,
  kSelection = 8,
};

struct Philox {
  uint32_t key[2];

  using Block = std::array<uint32_t, 4>;

  // Four independent uniform 32-bit words for the 128-bit counter (c0, c1, c2, c3).
  SEVE_HOST_DEVICE Block operator()(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3) const {
    uint32_t x[4] = {c0, c1, c2, c3};
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; ++round) {
      const uint64_t p0 = uint64_t{0xD2511F53u} * x[0];
      const uint64_t p1 = uint64_t{0xCD9E8D57u} * x[2];
      const uint32_t y0 = static_cast<uint32_t>(p1 >> 32) ^ x[1] ^ k0;
      const uint32_t y2 = static_cast<uint32_t>(p0 >> 32) ^ x[3] ^ k1;
      x[1] = static_cast<uint32_t>(p1);
      x[3] = static_cast<uint32_t>(p0);
      x[0] = y0;
      x[2] = y2;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    return {x[0], x[1], x[2], x[3]};
  }
};

// 64-bit FNV-1a of a name, stable across machines.
constexpr uint64_t NameHash(std::string_view name) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3u;
  }
  return hash;
}

// The stream of `seed` for one purpose and one name (a parameter, a layer; empty where there is
// none).
SEVE_HOST_DEVICE constexpr Philox RandomStream(uint64_t seed, RandomPurpose purpose,
                                               uint64_t name_hash = 0) {
  // SplitMix64 finaliser over the three words: every bit of each reaches the key.
  uint64_t x = seed + 0x9E3779B97F4A7C15u * (static_cast<uint64_t>(purpose) + 1) + name_hash;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  x ^= x >> 31;
  return Philox{{static_cast<uint32_t>(x), static_cast<uint32_t>(x >> 32)}};
}

// [0, 1) with 24 bits: exactly representable in FP32.
SEVE_HOST_DEVICE float UnitFloat(uint32_t word) {
  return static_cast<float>(word >> 8) * 0x1.0p-24f;
}

// One standard normal from two words (Box-Muller).
inline float StandardNormal(uint32_t a, uint32_t b) {
  const double u = (static_cast<double>(a) + 1.0) * 0x1.0p-32;  // (0, 1]
  const double v = static_cast<double>(b) * 0x1.0p-32;
  return static_cast<float>(std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v));
}

}  // namespace seve
