#include "optim/cuda/update_kernel.cuh"
#include "optim/sgd.h"
#include "optim/sgd_rule.h"

namespace seve {

void Sgd::UpdateCuda(const CudaSliceUpdate& slice, const CudaDevice& device) const {
  WithSgdRule(options_, [&](auto rule) { EnqueueUpdate<decltype(rule)>(options_, slice, device); });
}

}  // namespace seve
