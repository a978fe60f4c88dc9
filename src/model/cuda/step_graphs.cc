#include "model/cuda/step_graphs.h"

#include <algorithm>

namespace seve {

void StepGraphs::Run(const std::vector<int64_t>& kind, bool once,
                     const std::function<void()>& enqueue) {
  if (eager_ || once) return enqueue();
  const auto found = std::ranges::find(recorded_, kind, &Recorded::kind);
  if (found == recorded_.end()) {
    enqueue();
    recorded_.push_back({.kind = kind, .graph = nullptr});
    return;
  }
  if (found->graph == nullptr) Record(*found, enqueue);
  CheckCuda(cudaGraphLaunch(found->graph.get(), device_.stream()), "cudaGraphLaunch");
}

void StepGraphs::Record(Recorded& recorded, const std::function<void()>& enqueue) const {
  const cudaStream_t stream = device_.stream();
  // Other threads of the process (a watchdog, a loader) may go on as they like.
  CheckCuda(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal),
            "cudaStreamBeginCapture");
  enqueue();
  cudaGraph_t captured = nullptr;
  CheckCuda(cudaStreamEndCapture(stream, &captured), "cudaStreamEndCapture");
  const CudaGraph graph(captured);
  cudaGraphExec_t executable = nullptr;
  CheckCuda(cudaGraphInstantiate(&executable, captured, 0), "cudaGraphInstantiate");
  recorded.graph = CudaGraphExec(executable);
}

}  // namespace seve
