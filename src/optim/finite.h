// Notices non-finite gradients inside an update's own loop, at the price of two integer operations.
#pragma once

#include <bit>
#include <cstdint>

#include "base/host_device.h"

namespace seve {

// 1 when the value is NaN or infinite (all bits of its exponent set), otherwise 0.
SEVE_HOST_DEVICE uint32_t NotFinite(float value) {
  constexpr uint32_t kExponent = 0x7f800000u;
  return (std::bit_cast<uint32_t>(value) & kExponent) == kExponent ? 1u : 0u;
}

}  // namespace seve
