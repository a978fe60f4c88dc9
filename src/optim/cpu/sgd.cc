#include "optim/sgd.h"

#include "optim/cpu/finite.h"

namespace seve {
namespace {

enum class Momentum { kNone, kClassic, kNesterov };

template <Momentum kMomentum>
bool Update(const SliceUpdate& slice, float momentum) {
  float* __restrict w = slice.parameters.data();
  const float* __restrict gradients = slice.gradients.data();
  float* __restrict v = slice.states[0].data();
  const float scale = slice.gradient_scale;
  const float rate = slice.learning_rate;
  const float decay = slice.weight_decay;
  const size_t count = slice.parameters.size();
  uint32_t bad = 0;
  for (size_t i = 0; i < count; ++i) {
    bad |= NotFinite(gradients[i]);
    const float g = gradients[i] * scale + decay * w[i];
    if constexpr (kMomentum == Momentum::kNone) {
      w[i] -= rate * g;
    } else {
      v[i] = momentum * v[i] + g;
      w[i] -= rate * (kMomentum == Momentum::kNesterov ? g + momentum * v[i] : v[i]);
    }
  }
  return bad == 0;
}

}  // namespace

bool Sgd::UpdateCpu(const SliceUpdate& slice) const {
  if (options_.momentum == 0) return Update<Momentum::kNone>(slice, 0);
  if (options_.nesterov) return Update<Momentum::kNesterov>(slice, options_.momentum);
  return Update<Momentum::kClassic>(slice, options_.momentum);
}

}  // namespace seve
