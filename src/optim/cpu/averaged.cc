#include "optim/averaged.h"

#include "optim/average_rule.h"

namespace seve {

bool Averaged::UpdateCpu(const SliceUpdate& slice) const {
  const bool finite = rule_->UpdateCpu(slice);
  const size_t state = rule_->StateNames().size();
  const float share = AverageShare(decay_, slice.step);
  const float* __restrict parameters = slice.parameters.data();
  float* __restrict averages = slice.states[state].data();
  const size_t count = slice.parameters.size();
  for (size_t i = 0; i < count; ++i) {
    averages[i] = NextAverage(averages[i], parameters[i], share);
  }
  return finite;
}

}  // namespace seve
