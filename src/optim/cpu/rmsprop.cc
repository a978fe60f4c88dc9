#include "optim/rmsprop.h"

#include <cmath>

#include "optim/cpu/finite.h"

namespace seve {
namespace {

struct Constants {
  float alpha;
  float one_minus_alpha;
  float epsilon;
  float momentum;
};

template <bool kMomentum>
bool Update(const SliceUpdate& slice, const Constants constants) {
  float* __restrict w = slice.parameters.data();
  const float* __restrict gradients = slice.gradients.data();
  float* __restrict s = slice.states[0].data();
  float* __restrict v = slice.states[1].data();
  const float scale = slice.gradient_scale;
  const float rate = slice.learning_rate;
  const float decay = slice.weight_decay;
  const size_t count = slice.parameters.size();
  uint32_t bad = 0;
  for (size_t i = 0; i < count; ++i) {
    bad |= NotFinite(gradients[i]);
    const float g = gradients[i] * scale + decay * w[i];
    s[i] = constants.alpha * s[i] + constants.one_minus_alpha * g * g;
    const float direction = g / (std::sqrt(s[i]) + constants.epsilon);
    if constexpr (kMomentum) {
      v[i] = constants.momentum * v[i] + direction;
      w[i] -= rate * v[i];
    } else {
      w[i] -= rate * direction;
    }
  }
  return bad == 0;
}

}  // namespace

bool RmsProp::UpdateCpu(const SliceUpdate& slice) const {
  const Constants constants = {static_cast<float>(options_.alpha),
                               static_cast<float>(1 - options_.alpha),
                               static_cast<float>(options_.epsilon), options_.momentum};
  return options_.momentum == 0 ? Update<false>(slice, constants) : Update<true>(slice, constants);
}

}  // namespace seve
