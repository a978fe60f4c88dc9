// How running statistics follow what the micro-batches of a step showed, the same on every device.
#pragma once

#include <cmath>
#include <span>

#include "base/host_device.h"

namespace seve {

// running += momentum (sum / samples - running), where a micro-batch adds its value times its
// samples to the sum.
struct RunningMean {
  float momentum;
  float share;  // 1 / samples

  SEVE_HOST_DEVICE float operator()(float sum, float running) const {
    return std::fma(momentum, std::fma(sum, share, -running), running);
  }
};

// Returns false when some sum was not finite (everything is updated all the same).
bool UpdateRunningMeans(const RunningMean& rule, std::span<const float> sums,
                        std::span<float> running);

}  // namespace seve
