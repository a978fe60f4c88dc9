#include "layers/conv2d.h"

#include "layers/cuda/bound_convolution.h"

namespace seve {

std::unique_ptr<BoundLayer> Conv2d::BindCuda(const LayerBinding& binding,
                                             const CudaScope& scope) const {
  return BindConvolution(ConvolutionKind::kPlain, options_, binding, scope);
}

}  // namespace seve
