#include "layers/cuda/cudnn_convolution.h"

#include <array>

#include "layers/cuda/cudnn/engines.h"
#include "tensor/cuda/cudnn/check.h"

namespace seve {

std::optional<CudnnConvolution> CudnnConvolution::Find(const CudnnConvolutionSpec& spec,
                                                       CudaDevice& device, std::string* problem) {
  const cudnnHandle_t handle = device.cudnn().handle();
  try {
    CudnnPlan chosen = ChooseEngine(CudnnOperationGraph(spec, handle), spec, handle);
    CudnnConvolution convolution;
    convolution.handle_ = handle;
    convolution.plan_.reset(chosen.plan.release());
    convolution.bias_ = spec.bias;
    convolution.workspace_bytes_ = chosen.workspace_bytes;
    convolution.engine_ = chosen.engine;
    return convolution;
  } catch (const CudnnRefusal& refusal) {
    *problem = refusal.what();
    return std::nullopt;
  }
}

void CudnnConvolution::Run(const CudnnOperands& operands, void* workspace) const {
  const std::array<int64_t, 4> names = {
      static_cast<int64_t>(CudnnTensor::kX), static_cast<int64_t>(CudnnTensor::kY),
      static_cast<int64_t>(CudnnTensor::kFilters), static_cast<int64_t>(CudnnTensor::kBias)};
  const std::array<void*, 4> pointers = {operands.x, operands.y, operands.filters, operands.bias};
  const size_t count = bias_ ? 4 : 3;
  CudnnDescriptor pack(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
  pack.SetAll(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, std::span(pointers).first(count));
  pack.SetAll(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, std::span(names).first(count));
  pack.Set(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, workspace);
  pack.Finalize();
  CheckCudnn(cudnnBackendExecute(handle_, plan_.get(), pack.get()), "cudnnBackendExecute");
}

void CudnnConvolution::Destroy::operator()(void* descriptor) const noexcept {
  static_cast<void>(cudnnBackendDestroyDescriptor(descriptor));
}

}  // namespace seve
