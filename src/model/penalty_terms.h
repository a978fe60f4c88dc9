// What a penalty adds for one parameter, the same on every device.
#pragma once

#include <cmath>

#include "base/host_device.h"

namespace seve {

// l1 |w| + l2/2 w^2.
struct PenaltyTerm {
  double l1;
  double half_l2;

  SEVE_HOST_DEVICE double operator()(float w) const {
    const auto value = static_cast<double>(w);
    return std::fma(half_l2 * value, value, l1 * std::fabs(value));
  }
};

// Its derivative, where d|w|/dw is 0 at 0.
struct PenaltySlope {
  float l1;
  float l2;

  SEVE_HOST_DEVICE float operator()(float w) const {
    const float up = w > 0 ? l1 : 0.0f, down = w < 0 ? l1 : 0.0f;
    return std::fma(l2, w, up - down);
  }
};

}  // namespace seve
