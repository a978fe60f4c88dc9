#include "layers/layer.h"

#include "base/error.h"

namespace seve {

std::unique_ptr<BoundLayer> Layer::BindCuda(const LayerBinding& /*binding*/,
                                            const CudaScope& /*scope*/) const {
  ThrowUsage("a layer of the kind " + std::string(kind()) +
             " has no CUDA half: train with device: CPU, or write src/layers/cuda/" +
             std::string(kind()) + ".cu (docs/add-a-layer.md)");
}

}  // namespace seve
