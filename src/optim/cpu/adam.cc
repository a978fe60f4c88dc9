#include "optim/adam.h"

#include "optim/adam_rule.h"
#include "optim/cpu/update_loop.h"

namespace seve {

bool Adam::UpdateCpu(const SliceUpdate& slice) const {
  return UpdateInLoop<AdamRule>(options_, slice);
}

}  // namespace seve
