#include "layers/loss.h"

#include "base/error.h"

namespace seve {

std::unique_ptr<BoundCudaLoss> Loss::BindCuda(const LossBinding& /*binding*/,
                                              const CudaScope& /*scope*/,
                                              LossSums* /*sums*/) const {
  ThrowUsage("the loss " + std::string(kind()) +
             " has no CUDA half: train with device: CPU, or write src/layers/cuda/" +
             std::string(kind()) + ".cu");
}

}  // namespace seve
