#include "model/cuda_executor.h"

namespace seve {

std::unique_ptr<Executor> MakeCudaExecutor(const Graph& /*graph*/, const ParameterLayout& /*layout*/,
                                           const ParameterArena& /*parameters*/,
                                           const Optimizer& /*optimizer*/,
                                           Communicator& /*communicator*/, const Dataset& /*data*/,
                                           const Sampler& /*sampler*/,
                                           const ExecutorOptions& /*options*/,
                                           const CudaOptions& /*cuda*/) {
  ThrowUsage("this binary was built without CUDA: train with device: CPU");
}

}  // namespace seve
