#include "optim/sgd.h"

#include "optim/cpu/update_loop.h"
#include "optim/sgd_rule.h"

namespace seve {

bool Sgd::UpdateCpu(const SliceUpdate& slice) const {
  return WithSgdRule(options_,
                     [&](auto rule) { return UpdateInLoop<decltype(rule)>(options_, slice); });
}

}  // namespace seve
