// The engines that emulate cuDNN's.
#pragma once

#include "emulator/cudnn_convolution.h"

namespace seve::emulator {

// By their global index. kAtomic stands for those that must not be chosen: it is proposed first.
enum class CudnnEngine : int64_t { kPlain = 0, kTensorCores = 1, kAtomic = 2 };

struct CudnnPlan {
  CudnnEngine engine = CudnnEngine::kPlain;
  CudnnConvolution convolution;
  int64_t workspace_bytes = 0;
};

CudnnPlan PlanOf(const CudnnDescriptor& plan);

}  // namespace seve::emulator
