// A copy on the host of floating-point values of a GPU, as float32.
#pragma once

#include <span>

#include "tensor/buffer.h"
#include "tensor/cuda/cuda_device.h"
#include "tensor/tensor.h"

namespace seve {

// Writes the tensor's values to `out`: floating-point ones as float32, others as they are. Waits
// for the device's stream.
void CopyToHost(const Tensor& tensor, std::byte* out, const CudaDevice& device);

// The other way: float32 values of the host into floating-point ones of the GPU, others as they
// are. Waits.
void CopyFromHost(const Tensor& host, const Tensor& tensor, const CudaDevice& device);

class HostTensor {
 public:
  HostTensor(const Tensor& tensor, const CudaDevice& device)
      : memory_(static_cast<size_t>(tensor.elements()) * sizeof(float)) {
    CopyToHost(tensor, memory_.data(), device);
  }
  [[nodiscard]] std::span<const float> values() const { return memory_.As<float>(); }

 private:
  Buffer memory_;
};

}  // namespace seve
