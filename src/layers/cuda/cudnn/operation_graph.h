// A convolution as cuDNN's backend API has it: tensors, operations and their graph.
#pragma once

#include <deque>

#include "layers/cuda/cudnn/descriptor.h"
#include "layers/cuda/cudnn_convolution.h"

namespace seve {

// Names of tensors in a graph; the operands of a run go by them.
enum class CudnnTensor : int64_t { kX = 1, kY, kFilters, kBias, kSums };

// Owns the parts of a finalized graph.
class CudnnOperationGraph {
 public:
  // Throws CudnnRefusal.
  CudnnOperationGraph(const CudnnConvolutionSpec& spec, cudnnHandle_t handle);

  [[nodiscard]] const CudnnDescriptor& graph() const { return graph_; }

 private:
  const CudnnDescriptor& AddTensor(CudnnTensor name, cudnnDataType_t type, const Shape& shape,
                                   bool virtual_tensor = false);
  const CudnnDescriptor& AddPart(CudnnDescriptor part);
  const CudnnDescriptor& Convolution();
  void AddConvolution(const CudnnDescriptor& x, const CudnnDescriptor& y,
                      const CudnnDescriptor& filters);
  void AddBias(const CudnnDescriptor& sums, const CudnnDescriptor& bias, const CudnnDescriptor& y);

  CudnnConvolutionSpec spec_;
  std::deque<CudnnDescriptor> parts_;
  std::vector<const CudnnDescriptor*> operations_;
  CudnnDescriptor graph_;
};

}  // namespace seve
