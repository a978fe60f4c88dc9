// The step of RMSprop for one element.
#pragma once

#include <cmath>

#include "optim/rmsprop.h"
#include "optim/rule.h"

namespace seve {

template <bool kMomentum>
struct RmsPropRule {
  using Options = RmsPropOptions;
  static constexpr size_t kStates = kMomentum ? 2 : 1;

  float scale;
  float rate;
  float decay;
  float alpha;
  float one_minus_alpha;
  float epsilon;
  float momentum;

  SEVE_HOST_DEVICE static RmsPropRule Of(const RmsPropOptions& options, const RuleStep& step) {
    return {step.gradient_scale,
            step.learning_rate,
            step.weight_decay,
            static_cast<float>(options.alpha),
            static_cast<float>(1 - options.alpha),
            static_cast<float>(options.epsilon),
            options.momentum};
  }

  SEVE_HOST_DEVICE void operator()(float gradient, float& w, float& s, float& v) const {
    const float g = std::fma(gradient, scale, decay * w);
    s = std::fma(alpha, s, one_minus_alpha * g * g);
    const float direction = g / (std::sqrt(s) + epsilon);
    if constexpr (kMomentum) {
      v = std::fma(momentum, v, direction);
      w = std::fma(-rate, v, w);
    } else {
      w = std::fma(-rate, direction, w);
    }
  }
};

// Calls use(rule) with a value of the type of rule that the options ask for.
template <typename Use>
decltype(auto) WithRmsPropRule(const RmsPropOptions& options, Use&& use) {
  if (options.momentum == 0) return use(RmsPropRule<false>{});
  return use(RmsPropRule<true>{});
}

}  // namespace seve
