#include <utility>

#include "devices.h"
#include "errors.h"
#include "state.h"
#include "stream.h"

struct CUgraphExec_st {
  // Shared with launches that are still to run.
  std::shared_ptr<const std::vector<std::function<void()>>> work;
};

namespace seve::emulator {
namespace {

cudaError_t Begin(cudaStream_t handle, cudaStreamCaptureMode mode) {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return status;
  const auto lock = StateLock();
  CUstream_st* stream = FindStream(handle);
  if (stream == nullptr) return cudaErrorInvalidResourceHandle;
  if (handle == nullptr || handle == cudaStreamLegacy) return cudaErrorStreamCaptureUnsupported;
  if (stream->capture != nullptr) return cudaErrorIllegalState;
  stream->capture = std::make_shared<Capture>(stream, mode);
  stream->capture->members.insert(stream);
  AddCapture(stream->capture);
  return cudaSuccess;
}

cudaError_t End(cudaStream_t handle, cudaGraph_t* graph) {
  *graph = nullptr;
  const auto lock = StateLock();
  CUstream_st* stream = FindStream(handle);
  if (stream == nullptr) return cudaErrorInvalidResourceHandle;
  if (stream->capture == nullptr) return cudaErrorIllegalState;
  const std::shared_ptr<Capture> capture = stream->capture;
  if (capture->mode != cudaStreamCaptureModeRelaxed &&
      capture->thread != std::this_thread::get_id()) {
    return cudaErrorStreamCaptureWrongThread;
  }
  if (capture->origin != stream) {
    capture->invalid = true;
    return cudaErrorStreamCaptureUnmatched;
  }
  const bool joined = capture->AllLeadTo(stream->last);
  std::unique_ptr<CUgraph_st> captured = std::move(capture->graph);
  DropCapture(capture.get());
  if (capture->invalid) return cudaErrorStreamCaptureInvalidated;
  if (!joined) return cudaErrorStreamCaptureUnjoined;
  *graph = captured.release();
  return cudaSuccess;
}

}  // namespace
}  // namespace seve::emulator

using namespace seve::emulator;

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
  return Result(Begin(stream, mode));
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  return Result(End(stream, graph));
}

cudaError_t cudaStreamIsCapturing(cudaStream_t handle, cudaStreamCaptureStatus* status) {
  const auto lock = StateLock();
  const CUstream_st* stream = FindStream(handle);
  if (stream == nullptr) return Result(cudaErrorInvalidResourceHandle);
  *status = stream->capture == nullptr ? cudaStreamCaptureStatusNone
            : stream->capture->invalid ? cudaStreamCaptureStatusInvalidated
                                       : cudaStreamCaptureStatusActive;
  return cudaSuccess;
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count) {
  size_t found = 0;
  for (const auto& node : graph->nodes) {
    if (!node->work) continue;
    if (nodes != nullptr && found < *count) nodes[found] = node.get();
    ++found;
  }
  *count = nodes == nullptr || found < *count ? found : *count;
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* exec, cudaGraph_t graph, unsigned long long) {
  if (graph == nullptr) return Result(cudaErrorInvalidValue);
  *exec = new CUgraphExec_st{
      std::make_shared<const std::vector<std::function<void()>>>(LateOrder(*graph))};
  return cudaSuccess;
}

cudaError_t cudaGraphUpload(cudaGraphExec_t exec, cudaStream_t) {
  return Result(exec == nullptr ? cudaErrorInvalidValue : cudaSuccess);
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t handle) {
  if (exec == nullptr) return Result(cudaErrorInvalidValue);
  {
    const auto lock = StateLock();
    const CUstream_st* stream = FindStream(handle);
    if (stream != nullptr && stream->capture != nullptr)
      return Result(Refuse(stream->capture.get()));
  }
  return Result(Enqueue(handle, [work = exec->work] {
    for (const auto& node : *work) node();
  }));
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  delete graph;
  return Result(graph == nullptr ? cudaErrorInvalidValue : cudaSuccess);
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
  delete exec;
  return Result(exec == nullptr ? cudaErrorInvalidValue : cudaSuccess);
}
