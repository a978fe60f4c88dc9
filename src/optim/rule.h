// What the formulas of the update rules share. Each rule is a struct of FP32 constants, made once a
// step, that maps one element's gradient, parameter and up to two states to their next values:
//
//   using Options = …;
//   static constexpr size_t kStates = …;  // how many of the two it reads and writes
//   static Rule Of(const Options& options, const RuleStep& step);
//   void operator()(float gradient, float& w, float& first, float& second) const;
//
// Host and device run the same text. Multiply-adds are fused where the text says std::fma and
// nowhere else, so their bits are equal too.
#pragma once

#include <cstdint>

#include "base/host_device.h"

namespace seve {

struct RuleStep {
  float gradient_scale;
  float learning_rate;
  float weight_decay;
  int64_t step;  // counted from 1
};

// base^exponent, exponent >= 0, by squaring; the pow of host and of device may differ.
SEVE_HOST_DEVICE double Power(double base, int64_t exponent) {
  double power = 1;
  for (double square = base; exponent > 0; exponent >>= 1, square *= square) {
    if (exponent & 1) power *= square;
  }
  return power;
}

}  // namespace seve
