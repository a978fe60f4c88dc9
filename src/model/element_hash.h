// Hash of an array as the sum of a hash per element: any order of adding gives the same.
#pragma once

#include <bit>
#include <cstdint>

#include "base/host_device.h"

namespace seve {

// SplitMix64's finaliser over place and bits: every bit of either reaches every bit.
SEVE_HOST_DEVICE uint64_t ElementHash(uint64_t index, float value) {
  uint64_t x = (index << 32 | index >> 32) ^ std::bit_cast<uint32_t>(value);
  x += 0x9E3779B97F4A7C15u;  // else a zero at 0 would add nothing
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

}  // namespace seve
