#include "layers/conv_transpose2d.h"

#include "layers/cuda/bound_convolution.h"

namespace seve {

std::unique_ptr<BoundLayer> ConvTranspose2d::BindCuda(const LayerBinding& binding,
                                                      const CudaScope& scope) const {
  return BindConvolution(ConvolutionKind::kTransposed, options_, binding, scope);
}

}  // namespace seve
