#include "optim/cuda/update_kernel.cuh"
#include "optim/rmsprop.h"
#include "optim/rmsprop_rule.h"

namespace seve {

void RmsProp::UpdateCuda(const CudaSliceUpdate& slice, const CudaDevice& device) const {
  WithRmsPropRule(options_,
                  [&](auto rule) { EnqueueUpdate<decltype(rule)>(options_, slice, device); });
}

}  // namespace seve
