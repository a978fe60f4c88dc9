#include "optim/adam.h"
#include "optim/adam_rule.h"
#include "optim/cuda/update_kernel.cuh"

namespace seve {

void Adam::UpdateCuda(const CudaSliceUpdate& slice, const CudaDevice& device) const {
  EnqueueUpdate<AdamRule>(options_, slice, device);
}

}  // namespace seve
