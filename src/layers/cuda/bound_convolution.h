// The CUDA half of convolutions and transposed convolutions.
#pragma once

#include "layers/conv2d.h"
#include "layers/cuda/cuda_scope.h"

namespace seve {

enum class ConvolutionKind : uint8_t { kPlain, kTransposed };

// Throws Error(kUsage) where cuDNN is not there, or has no engine for the layer.
[[nodiscard]] std::unique_ptr<BoundLayer> BindConvolution(ConvolutionKind kind,
                                                          const Conv2dOptions& options,
                                                          const LayerBinding& binding,
                                                          const CudaScope& scope);

}  // namespace seve
