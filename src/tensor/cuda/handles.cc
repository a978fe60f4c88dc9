#include "tensor/cuda/handles.h"

namespace seve {

Stream MakeStream(bool urgent) {
  int least = 0, greatest = 0;
  CheckCuda(cudaDeviceGetStreamPriorityRange(&least, &greatest),
            "cudaDeviceGetStreamPriorityRange");
  cudaStream_t stream = nullptr;
  CheckCuda(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, urgent ? greatest : least),
            "cudaStreamCreateWithPriority");
  return Stream(stream);
}

Event MakeEvent() {
  cudaEvent_t event = nullptr;
  CheckCuda(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "cudaEventCreateWithFlags");
  return Event(event);
}

Event MakeTimingEvent() {
  cudaEvent_t event = nullptr;
  CheckCuda(cudaEventCreateWithFlags(&event, cudaEventDefault), "cudaEventCreateWithFlags");
  return Event(event);
}

LtHandle MakeLtHandle() {
  cublasLtHandle_t handle = nullptr;
  CheckCublas(cublasLtCreate(&handle), "cublasLtCreate");
  return LtHandle(handle);
}

void Join(cudaStream_t first, cudaStream_t second, const Event& event) {
  CheckCuda(cudaEventRecord(event.get(), first), "cudaEventRecord");
  CheckCuda(cudaStreamWaitEvent(second, event.get(), 0), "cudaStreamWaitEvent");
}

}  // namespace seve
