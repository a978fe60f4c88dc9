#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "allocations.h"
#include "devices.h"
#include "errors.h"
#include "state.h"
#include "stream.h"

namespace seve::emulator {
namespace {

bool ToDevice(cudaMemcpyKind kind) {
  return kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
}

bool FromDevice(cudaMemcpyKind kind) {
  return kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
}

// Each side lies where the kind of copy says.
bool InPlace(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  const Place target = PlaceOf(to, bytes), source = PlaceOf(from, bytes);
  if (kind == cudaMemcpyDefault) return target != Place::kNowhere && source != Place::kNowhere;
  return target == (ToDevice(kind) ? Place::kDevice : Place::kHost) &&
         source == (FromDevice(kind) ? Place::kDevice : Place::kHost);
}

// The memory was there when the work was enqueued.
void Insist(bool there, const char* what) {
  if (there) return;
  std::fprintf(stderr, "emulator: %s touches device memory that was freed\n", what);
  std::abort();
}

cudaError_t Copy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind,
                 cudaStream_t stream) {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return status;
  if (bytes == 0) return cudaSuccess;
  if (!InPlace(to, from, bytes, kind)) return cudaErrorInvalidValue;
  return Enqueue(stream, [=] {
    Insist(InPlace(to, from, bytes, kind), "a copy");
    std::memmove(to, from, bytes);
  });
}

cudaError_t Set(void* memory, int value, size_t bytes, cudaStream_t stream) {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return status;
  if (bytes == 0) return cudaSuccess;
  if (PlaceOf(memory, bytes) != Place::kDevice) return cudaErrorInvalidValue;
  return Enqueue(stream, [=] {
    Insist(PlaceOf(memory, bytes) == Place::kDevice, "cudaMemset");
    std::memset(memory, value, bytes);
  });
}

cudaError_t CheckMayWait() {
  const auto lock = StateLock();
  return CheckNoCapture();
}

}  // namespace
}  // namespace seve::emulator

using namespace seve::emulator;

cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  return Result(Copy(to, from, bytes, kind, stream));
}

// Between two places of a device the host does not wait.
cudaError_t cudaMemcpy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  if (const cudaError_t status = CheckMayWait(); status != cudaSuccess) return Result(status);
  const cudaError_t status = Copy(to, from, bytes, kind, nullptr);
  if (status != cudaSuccess || kind == cudaMemcpyDeviceToDevice) return Result(status);
  return cudaStreamSynchronize(nullptr);
}

cudaError_t cudaMemsetAsync(void* memory, int value, size_t bytes, cudaStream_t stream) {
  return Result(Set(memory, value, bytes, stream));
}

// Asynchronous to the host, in the legacy stream.
cudaError_t cudaMemset(void* memory, int value, size_t bytes) {
  if (const cudaError_t status = CheckMayWait(); status != cudaSuccess) return Result(status);
  return Result(Set(memory, value, bytes, nullptr));
}
