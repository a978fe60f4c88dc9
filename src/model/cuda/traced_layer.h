// Shows a layer under its name in a profiler's timeline and in a trace.
#pragma once

#include <memory>

#include "layers/layer.h"
#include "tensor/cuda/cuda_device.h"

namespace seve {

// `name` and the device outlive the layer.
std::unique_ptr<BoundLayer> Traced(std::unique_ptr<BoundLayer> layer, const char* name,
                                   const CudaDevice& device);

}  // namespace seve
