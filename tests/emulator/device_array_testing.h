// Arrays in the device's memory, for tests of the emulator.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <stdexcept>
#include <vector>

namespace seve::testing {

inline void Expect(cudaError_t status) {
  if (status != cudaSuccess) throw std::runtime_error(cudaGetErrorString(status));
}

template <typename T>
class DeviceArray {
 public:
  explicit DeviceArray(const std::vector<T>& values) : DeviceArray(values.size()) {
    Expect(cudaMemcpy(elements_, values.data(), values.size() * sizeof(T), cudaMemcpyDefault));
  }
  explicit DeviceArray(size_t size) : size_(size) {
    Expect(cudaMalloc(&elements_, (size + 1) * sizeof(T)));
  }
  ~DeviceArray() { cudaFree(elements_); }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;

  [[nodiscard]] T* data() const { return static_cast<T*>(elements_); }
  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] std::vector<T> ToHost() const {
    std::vector<T> values(size_);
    Expect(cudaMemcpy(values.data(), elements_, size_ * sizeof(T), cudaMemcpyDefault));
    return values;
  }

 private:
  void* elements_ = nullptr;
  size_t size_;
};

class TestStream {
 public:
  TestStream() { Expect(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }
  ~TestStream() { cudaStreamDestroy(stream_); }
  TestStream(const TestStream&) = delete;
  TestStream& operator=(const TestStream&) = delete;

  [[nodiscard]] cudaStream_t get() const { return stream_; }
  void Synchronize() const { Expect(cudaStreamSynchronize(stream_)); }

 private:
  cudaStream_t stream_ = nullptr;
};

}  // namespace seve::testing
