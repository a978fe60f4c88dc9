#include "optim/adam.h"

#include <cmath>

#include "optim/cpu/finite.h"

namespace seve {
namespace {

// All that one step needs, worked out in float64 once.
struct Constants {
  float beta1;
  float one_minus_beta1;
  float beta2;
  float one_minus_beta2;
  float epsilon;
  float rate;          // learning_rate / (1 - beta1^t)
  float inverse_root;  // 1 / sqrt(1 - beta2^t)
  float decay;         // added to the gradient, times w
  float keep;          // multiplies w first
};

Constants ConstantsOf(const AdamOptions& options, const SliceUpdate& slice) {
  const auto step = static_cast<double>(slice.step);
  const double rate = slice.learning_rate;
  const double decay = slice.weight_decay;
  Constants c = {};
  c.beta1 = static_cast<float>(options.beta1);
  c.one_minus_beta1 = static_cast<float>(1 - options.beta1);
  c.beta2 = static_cast<float>(options.beta2);
  c.one_minus_beta2 = static_cast<float>(1 - options.beta2);
  c.epsilon = static_cast<float>(options.epsilon);
  c.rate = static_cast<float>(rate / (1 - std::pow(options.beta1, step)));
  c.inverse_root = static_cast<float>(1 / std::sqrt(1 - std::pow(options.beta2, step)));
  c.decay = options.decoupled ? 0 : slice.weight_decay;
  c.keep = options.decoupled ? static_cast<float>(1 - rate * decay) : 1;
  return c;
}

}  // namespace

bool Adam::UpdateCpu(const SliceUpdate& slice) const {
  const Constants c = ConstantsOf(options_, slice);
  float* __restrict w = slice.parameters.data();
  const float* __restrict gradients = slice.gradients.data();
  float* __restrict m = slice.states[0].data();
  float* __restrict v = slice.states[1].data();
  const float scale = slice.gradient_scale;
  const size_t count = slice.parameters.size();
  uint32_t bad = 0;
  for (size_t i = 0; i < count; ++i) {
    bad |= NotFinite(gradients[i]);
    const float g = gradients[i] * scale + c.decay * w[i];
    m[i] = c.beta1 * m[i] + c.one_minus_beta1 * g;
    v[i] = c.beta2 * v[i] + c.one_minus_beta2 * g * g;
    w[i] = c.keep * w[i] - c.rate * m[i] / (std::sqrt(v[i]) * c.inverse_root + c.epsilon);
  }
  return bad == 0;
}

}  // namespace seve
