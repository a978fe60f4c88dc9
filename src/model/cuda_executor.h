// Makes the executor of a GPU. model/cuda/ holds it, model/no_cuda/ says that it is not built in.
#pragma once

#include <memory>

#include "comm/communicator.h"
#include "data/sampler.h"
#include "model/arenas.h"
#include "model/executor.h"
#include "optim/optimizer.h"
#include "tensor/precision.h"

namespace seve {

struct CudaOptions {
  int ordinal = 0;  // of the GPU, among the visible ones
  Precision precision = Precision::kFp32;
  bool eager = false;       // every step launched kernel by kernel instead of as one graph
  bool shared_gpu = false;  // several ranks on one GPU, for tests
  bool keep_data = true;    // the data set on the GPU, where it fits
};

// Collective. `parameters`: the host's, which Download and Upload keep in step with the GPU's. All
// that is referred to must outlive the executor. Throws Error(kUsage) when the GPU's memory is too
// small, saying what was needed for what, or when a layer has no CUDA half.
std::unique_ptr<Executor> MakeCudaExecutor(const Graph& graph, const ParameterLayout& layout,
                                           const ParameterArena& parameters,
                                           const Optimizer& optimizer, Communicator& communicator,
                                           const Dataset& data, const Sampler& sampler,
                                           const ExecutorOptions& options, const CudaOptions& cuda);

}  // namespace seve
