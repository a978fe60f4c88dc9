// Applies a rule to a slice on the CPU. Vectorises.
#pragma once

#include "optim/finite.h"
#include "optim/optimizer.h"
#include "optim/rule.h"

namespace seve {

// Returns false when some gradient was not finite.
template <typename Rule>
bool UpdateInLoop(const typename Rule::Options& options, const SliceUpdate& slice) {
  const Rule rule = Rule::Of(options, {.gradient_scale = slice.gradient_scale,
                                       .learning_rate = slice.learning_rate,
                                       .weight_decay = slice.weight_decay,
                                       .step = slice.step});
  float* __restrict parameters = slice.parameters.data();
  const float* __restrict gradients = slice.gradients.data();
  float* __restrict first = slice.states[0].data();
  float* __restrict second = slice.states[1].data();
  const size_t count = slice.parameters.size();
  uint32_t bad = 0;
  for (size_t i = 0; i < count; ++i) {
    bad |= NotFinite(gradients[i]);
    float none = 0;
    rule(gradients[i], parameters[i], Rule::kStates > 0 ? first[i] : none,
         Rule::kStates > 1 ? second[i] : none);
  }
  return bad == 0;
}

}  // namespace seve
