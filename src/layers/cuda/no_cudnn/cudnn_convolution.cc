// Convolutions of a build without cuDNN: CudaDevice::cudnn() says what to do.
#include "layers/cuda/cudnn_convolution.h"

namespace seve {

std::optional<CudnnConvolution> CudnnConvolution::Find(const CudnnConvolutionSpec& /*spec*/,
                                                       CudaDevice& device,
                                                       std::string* /*problem*/) {
  static_cast<void>(device.cudnn());
  return std::nullopt;
}

void CudnnConvolution::Run(const CudnnOperands& /*operands*/, void* /*workspace*/) const {}

void CudnnConvolution::Destroy::operator()(void* /*descriptor*/) const noexcept {}

}  // namespace seve
