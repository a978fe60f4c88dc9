// Which of cuDNN's engines runs a graph.
#pragma once

#include <string>

#include "layers/cuda/cudnn/operation_graph.h"

namespace seve {

struct CudnnPlan {
  CudnnDescriptor plan;
  size_t workspace_bytes = 0;
  std::string engine;  // for people
};

// The first engine cuDNN proposes that the spec allows and whose workspace is no larger than most
// need; where every one's is larger, that with the smallest. Throws CudnnRefusal where there is
// none.
[[nodiscard]] CudnnPlan ChooseEngine(const CudnnOperationGraph& graph,
                                     const CudnnConvolutionSpec& spec, cudnnHandle_t handle);

}  // namespace seve
