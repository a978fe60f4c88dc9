// cuDNN's handle and execution on the CPU.
#include <cudnn.h>

#include <cstring>

#include "emulator/allocations.h"
#include "emulator/cudnn_engines.h"
#include "emulator/stream.h"

struct cudnnContext {
  cudaStream_t stream = nullptr;
};

namespace seve::emulator {
namespace {

constexpr uintptr_t kAlignment = 16;

// The pointer that a pack has for a tensor; null where it is not on the device, whole and aligned.
void* Find(const CudnnDescriptor& pack, const CudnnTensorView& tensor) {
  const auto names = pack.Values<int64_t>(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
  const auto pointers = pack.Values<void*>(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS);
  for (size_t i = 0; i < names.size() && i < pointers.size(); ++i) {
    if (names[i] != tensor.name) continue;
    const bool aligned = reinterpret_cast<uintptr_t>(pointers[i]) % kAlignment == 0;
    const size_t bytes = tensor.elements() * SizeOf(tensor.type);
    return aligned && PlaceOf(pointers[i], bytes) == Place::kDevice ? pointers[i] : nullptr;
  }
  return nullptr;
}

}  // namespace
}  // namespace seve::emulator

using namespace seve::emulator;

extern "C" {

size_t cudnnGetVersion() { return CUDNN_VERSION; }

const char* cudnnGetErrorString(cudnnStatus_t status) {
  switch (status) {
    case CUDNN_STATUS_SUCCESS:
      return "CUDNN_STATUS_SUCCESS";
    case CUDNN_STATUS_NOT_SUPPORTED:
      return "CUDNN_STATUS_NOT_SUPPORTED";
    case CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN:
      return "CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN";
    case CUDNN_STATUS_EXECUTION_FAILED:
      return "CUDNN_STATUS_EXECUTION_FAILED";
    default:
      return "CUDNN_STATUS_BAD_PARAM";
  }
}

cudnnStatus_t cudnnCreate(cudnnHandle_t* handle) {
  if (handle == nullptr) return Refuse(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "nowhere to put it");
  *handle = new cudnnContext;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnDestroy(cudnnHandle_t handle) {
  delete handle;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
  if (handle == nullptr) return Refuse(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no handle");
  handle->stream = stream;
  return CUDNN_STATUS_SUCCESS;
}

// The workspace is overwritten: nobody else's values may lie there.
cudnnStatus_t cudnnBackendExecute(cudnnHandle_t handle, cudnnBackendDescriptor_t plan,
                                  cudnnBackendDescriptor_t pack) {
  if (handle == nullptr || !Of(plan)->finalized || !Of(pack)->finalized) {
    return Refuse(CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED, "the plan or the pack is not finalized");
  }
  const CudnnPlan read = PlanOf(*Of(plan));
  const CudnnConvolution& c = read.convolution;
  const CudnnMemory memory = {.x = Find(*Of(pack), c.x),
                              .y = Find(*Of(pack), c.y),
                              .filters = Find(*Of(pack), c.filters),
                              .bias = c.bias ? Find(*Of(pack), *c.bias) : nullptr};
  if (!memory.x || !memory.y || !memory.filters || (c.bias && !memory.bias)) {
    return Refuse(CUDNN_STATUS_BAD_PARAM, "a tensor is not on the device, whole and aligned");
  }
  auto* workspace = Of(pack)->Value1<void*>(CUDNN_ATTR_VARIANT_PACK_WORKSPACE);
  const auto bytes = static_cast<size_t>(read.workspace_bytes);
  if (bytes > 0 && PlaceOf(workspace, bytes) != Place::kDevice) {
    return Refuse(CUDNN_STATUS_BAD_PARAM, "the workspace is not on the device");
  }
  const bool tf32 = read.engine == CudnnEngine::kTensorCores;
  const auto work = [c, memory, workspace, bytes, tf32] {
    if (bytes > 0) std::memset(workspace, 0xff, bytes);
    Convolve(c, memory, tf32);
  };
  return Enqueue(handle->stream, work) == cudaSuccess
             ? CUDNN_STATUS_SUCCESS
             : Refuse(CUDNN_STATUS_EXECUTION_FAILED, "the stream takes no work");
}
}
