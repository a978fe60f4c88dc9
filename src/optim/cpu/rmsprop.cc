#include "optim/rmsprop.h"

#include "optim/cpu/update_loop.h"
#include "optim/rmsprop_rule.h"

namespace seve {

bool RmsProp::UpdateCpu(const SliceUpdate& slice) const {
  return WithRmsPropRule(options_,
                         [&](auto rule) { return UpdateInLoop<decltype(rule)>(options_, slice); });
}

}  // namespace seve
