// What the layers of a replica share on a GPU.
#pragma once

#include "layers/layer.h"
#include "tensor/cuda/cuda_device.h"
#include "tensor/precision.h"

namespace seve {

struct CudaScope {
  CudaDevice& device;
  Precision precision = Precision::kFp32;
  uint64_t seed = 0;
  // On the device, valid while the step runs there: where the current micro-batch stands, and the
  // factor on the gradient of the loss (1 but in FP16).
  const SamplePlace* place = nullptr;
  const float* loss_scale = nullptr;
};

}  // namespace seve
