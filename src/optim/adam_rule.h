// The step of Adam and AdamW for one element.
#pragma once

#include <cmath>

#include "optim/adam.h"
#include "optim/rule.h"

namespace seve {

struct AdamRule {
  using Options = AdamOptions;
  static constexpr size_t kStates = 2;

  float scale;
  float beta1;
  float one_minus_beta1;
  float beta2;
  float one_minus_beta2;
  float epsilon;
  float rate;          // learning_rate / (1 - beta1^t)
  float inverse_root;  // 1 / sqrt(1 - beta2^t)
  float decay;         // added to the gradient, times w
  float keep;          // multiplies w first

  // In float64: 1 - beta2^t has lost most of its digits in float32.
  SEVE_HOST_DEVICE static AdamRule Of(const AdamOptions& options, const RuleStep& step) {
    const double rate = step.learning_rate;
    const double decay = step.weight_decay;
    AdamRule rule = {};
    rule.scale = step.gradient_scale;
    rule.beta1 = static_cast<float>(options.beta1);
    rule.one_minus_beta1 = static_cast<float>(1 - options.beta1);
    rule.beta2 = static_cast<float>(options.beta2);
    rule.one_minus_beta2 = static_cast<float>(1 - options.beta2);
    rule.epsilon = static_cast<float>(options.epsilon);
    rule.rate = static_cast<float>(rate / (1 - Power(options.beta1, step.step)));
    rule.inverse_root = static_cast<float>(1 / std::sqrt(1 - Power(options.beta2, step.step)));
    rule.decay = options.decoupled ? 0 : step.weight_decay;
    rule.keep = options.decoupled ? static_cast<float>(std::fma(-rate, decay, 1.0)) : 1;
    return rule;
  }

  SEVE_HOST_DEVICE void operator()(float gradient, float& w, float& m, float& v) const {
    const float g = std::fma(gradient, scale, decay * w);
    m = std::fma(beta1, m, one_minus_beta1 * g);
    v = std::fma(beta2, v, one_minus_beta2 * g * g);
    const float direction = rate * m / std::fma(std::sqrt(v), inverse_root, epsilon);
    w = std::fma(keep, w, -direction);
  }
};

}  // namespace seve
