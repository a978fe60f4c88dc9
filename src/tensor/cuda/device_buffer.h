// Owned memory of a GPU, and of the host where a GPU reads and writes it. Both zeroed, move-only.
#pragma once

#include <cstddef>
#include <span>

#include "tensor/buffer.h"
#include "tensor/cuda/handles.h"

namespace seve {

// On the current device, aligned to 256 bytes. A buffer of zero bytes has no memory.
class DeviceBuffer {
 public:
  DeviceBuffer() = default;
  // Throws Error(kUsage) when the device has not that much free.
  explicit DeviceBuffer(size_t bytes);

  [[nodiscard]] std::byte* data() const { return memory_.get(); }
  [[nodiscard]] size_t size() const { return bytes_; }
  template <typename T>
  [[nodiscard]] T* As() const {
    return reinterpret_cast<T*>(memory_.get());
  }

 private:
  struct Free {
    void operator()(std::byte* memory) const noexcept { NoteCuda(cudaFree(memory), "cudaFree"); }
  };
  std::unique_ptr<std::byte, Free> memory_;
  size_t bytes_ = 0;
};

// On the host, page-locked and mapped: kernels read and write it at the same address, and copies
// from it run beside the host.
class PinnedBuffer {
 public:
  PinnedBuffer() = default;
  explicit PinnedBuffer(size_t bytes);

  [[nodiscard]] std::byte* data() const { return memory_.get(); }
  [[nodiscard]] size_t size() const { return bytes_; }
  template <typename T>
  [[nodiscard]] T* As() const {
    return reinterpret_cast<T*>(memory_.get());
  }

 private:
  struct Free {
    void operator()(std::byte* memory) const noexcept {
      NoteCuda(cudaFreeHost(memory), "cudaFreeHost");
    }
  };
  std::unique_ptr<std::byte, Free> memory_;
  size_t bytes_ = 0;
};

// Both wait until the copy is done. Not during capture.
void CopyToDevice(std::span<const std::byte> from, void* to, cudaStream_t stream);
void CopyToHost(const void* from, std::span<std::byte> to, cudaStream_t stream);

}  // namespace seve
