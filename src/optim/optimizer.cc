#include "optim/optimizer.h"

#include "base/error.h"

namespace seve {

void Optimizer::UpdateCuda(const CudaSliceUpdate& /*slice*/, const CudaDevice& /*device*/) const {
  ThrowUsage("the optimizer " + std::string(kind()) +
             " has no CUDA half: train with device: CPU, or write src/optim/cuda/" +
             std::string(kind()) + ".cu");
}

}  // namespace seve
