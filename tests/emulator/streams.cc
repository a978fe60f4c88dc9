#include <utility>

#include "devices.h"
#include "errors.h"
#include "state.h"
#include "stream.h"

namespace seve::emulator {
namespace {

// Every stream here is one that does not wait for the legacy stream: code that counts on the other
// kind is refused rather than run too early.
cudaError_t Create(cudaStream_t* stream, unsigned flags) {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return status;
  if (flags != cudaStreamNonBlocking) return cudaErrorNotSupported;
  const auto lock = StateLock();
  *stream = MakeStream(CurrentDevice());
  return cudaSuccess;
}

// Where a stream's work ends now, for somebody who waits for it.
cudaError_t FindEnd(cudaStream_t handle, Point* end, bool relaxed) {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return status;
  const auto lock = StateLock();
  CUstream_st* stream = FindStream(handle);
  if (stream == nullptr) return cudaErrorInvalidResourceHandle;
  if (stream->capture != nullptr) return Refuse(stream->capture.get());
  *end = stream->queue->End();
  return CheckNoCapture(relaxed);
}

}  // namespace

cudaError_t Enqueue(cudaStream_t handle, std::function<void()> work) {
  const auto lock = StateLock();
  CUstream_st* stream = FindStream(handle);
  if (stream == nullptr) return cudaErrorInvalidResourceHandle;
  if (stream->capture == nullptr) {
    stream->queue->Append(std::move(work));
    return cudaSuccess;
  }
  if (stream->capture->invalid) return cudaErrorStreamCaptureInvalidated;
  stream->capture->Add(std::move(work), &stream->last);
  return cudaSuccess;
}

}  // namespace seve::emulator

using namespace seve::emulator;

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  return Result(Create(stream, flags));
}

cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, unsigned flags, int) {
  return Result(Create(stream, flags));
}

cudaError_t cudaStreamDestroy(cudaStream_t handle) {
  const auto lock = StateLock();
  CUstream_st* stream = handle == nullptr ? nullptr : FindStream(handle);
  if (stream == nullptr) return Result(cudaErrorInvalidResourceHandle);
  DropStream(stream);
  return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  Point end;
  const cudaError_t status = FindEnd(stream, &end, true);
  if (status == cudaSuccess) Queue::Run(end, Patience::kWait);
  return Result(status);
}

cudaError_t cudaStreamQuery(cudaStream_t stream) {
  Point end;
  if (const cudaError_t status = FindEnd(stream, &end, true); status != cudaSuccess) {
    return Result(status);
  }
  return Result(Queue::Run(end, Patience::kNone) ? cudaSuccess : cudaErrorNotReady);
}

cudaError_t cudaDeviceSynchronize() {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return Result(status);
  {
    const auto lock = StateLock();
    if (const cudaError_t status = CheckNoCapture(); status != cudaSuccess) return Result(status);
  }
  RunDevice(CurrentDevice());
  return cudaSuccess;
}
