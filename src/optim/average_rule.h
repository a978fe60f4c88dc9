// The step of an exponential moving average. Host and device run the same text.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/host_device.h"

namespace seve {

// What of the parameter goes into the average.
SEVE_HOST_DEVICE float AverageShare(float decay, int64_t step) {
  if (step == 1) return 1;
  const float early =
      static_cast<float>(static_cast<double>(1 + step) / static_cast<double>(10 + step));
  return 1 - (decay < early ? decay : early);
}

SEVE_HOST_DEVICE float NextAverage(float average, float parameter, float share) {
  // Otherwise rounding would leave the parameter's bits.
  return share == 1 ? parameter : std::fma(share, parameter - average, average);
}

}  // namespace seve
