// Evaluation on a GPU: samples from the host, sums and scores back.
#pragma once

#include "model/cuda/cuda_plan.h"
#include "model/pass.h"

namespace seve {

// All that is referred to must outlive the pass.
std::unique_ptr<Pass> MakeCudaPass(const Graph& graph, const ParameterLayout& layout,
                                   const DeviceReplica& replica, const CudaScope& scope,
                                   int64_t rows);

}  // namespace seve
