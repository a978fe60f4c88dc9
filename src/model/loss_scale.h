// The dynamic loss scale of FP16: gradients of the loss are multiplied by it, so that small ones do
// not vanish, and divided again before the update (Micikevicius et al. 2018).
#pragma once

#include <cstdint>

#include "base/host_device.h"

namespace seve {

struct LossScale {
  static constexpr float kStart = 65536;
  static constexpr int32_t kGrowthSteps = 2000;

  float scale = kStart;
  int32_t good_steps = 0;  // in a row, since the scale last changed
  int64_t updates = 0;     // done: steps without those that were skipped

  // After a step whose reduced gradients were finite or not. Half the scale, and no update, when
  // not; twice the scale after 2,000 finite ones.
  SEVE_HOST_DEVICE void Note(bool finite) {
    if (!finite) {
      scale = scale > 1.0f ? scale * 0.5f : 1.0f;
      good_steps = 0;
      return;
    }
    ++updates;
    if (++good_steps < kGrowthSteps) return;
    scale = scale < 0x1p126f ? scale * 2.0f : scale;
    good_steps = 0;
  }
};

}  // namespace seve
