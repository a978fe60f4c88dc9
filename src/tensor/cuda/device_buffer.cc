#include "tensor/cuda/device_buffer.h"

#include <cstring>

namespace seve {

DeviceBuffer::DeviceBuffer(size_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  void* memory = nullptr;
  CheckCuda(cudaMalloc(&memory, bytes), "cudaMalloc");
  memory_.reset(static_cast<std::byte*>(memory));
  CheckCuda(cudaMemset(memory, 0, bytes), "cudaMemset");
  // Streams here do not wait for the legacy stream, in which the memory was just cleared.
  CheckCuda(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
}

PinnedBuffer::PinnedBuffer(size_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  void* memory = nullptr;
  CheckCuda(cudaHostAlloc(&memory, bytes, cudaHostAllocMapped), "cudaHostAlloc");
  memory_.reset(static_cast<std::byte*>(memory));
  std::memset(memory, 0, bytes);
}

void CopyToDevice(std::span<const std::byte> from, void* to, cudaStream_t stream) {
  if (from.empty()) return;
  CheckCuda(cudaMemcpyAsync(to, from.data(), from.size(), cudaMemcpyHostToDevice, stream),
            "cudaMemcpyAsync");
  CheckCuda(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
}

void CopyToHost(const void* from, std::span<std::byte> to, cudaStream_t stream) {
  if (to.empty()) return;
  CheckCuda(cudaMemcpyAsync(to.data(), from, to.size(), cudaMemcpyDeviceToHost, stream),
            "cudaMemcpyAsync");
  CheckCuda(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
}

}  // namespace seve
