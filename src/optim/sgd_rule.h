// The step of SGD for one element.
#pragma once

#include <cmath>

#include "optim/rule.h"
#include "optim/sgd.h"

namespace seve {

enum class Momentum { kNone, kClassic, kNesterov };

template <Momentum kMomentum>
struct SgdRule {
  using Options = SgdOptions;
  static constexpr size_t kStates = kMomentum == Momentum::kNone ? 0 : 1;

  float scale;
  float rate;
  float decay;
  float momentum;

  SEVE_HOST_DEVICE static SgdRule Of(const SgdOptions& options, const RuleStep& step) {
    return {step.gradient_scale, step.learning_rate, step.weight_decay, options.momentum};
  }

  SEVE_HOST_DEVICE void operator()(float gradient, float& w, float& v, float& /*none*/) const {
    const float g = std::fma(gradient, scale, decay * w);
    if constexpr (kMomentum == Momentum::kNone) {
      w = std::fma(-rate, g, w);
    } else {
      v = std::fma(momentum, v, g);
      w = std::fma(-rate, kMomentum == Momentum::kNesterov ? std::fma(momentum, v, g) : v, w);
    }
  }
};

// Calls use(rule) with a value of the type of rule that the options ask for.
template <typename Use>
decltype(auto) WithSgdRule(const SgdOptions& options, Use&& use) {
  if (options.momentum == 0) return use(SgdRule<Momentum::kNone>{});
  if (options.nesterov) return use(SgdRule<Momentum::kNesterov>{});
  return use(SgdRule<Momentum::kClassic>{});
}

}  // namespace seve
