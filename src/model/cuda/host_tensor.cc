#include "model/cuda/host_tensor.h"

#include <algorithm>

#include "model/cuda/arena_kernels.h"
#include "tensor/element_type.h"

namespace seve {

void CopyToHost(const Tensor& tensor, std::byte* out, const CudaDevice& device) {
  const bool narrow = SizeOf(tensor.dtype()) == 2;
  if (!narrow) {
    CopyToHost(tensor.memory(), {out, tensor.bytes()}, device.stream());
    return;
  }
  const Buffer raw(tensor.bytes());
  CopyToHost(tensor.memory(), {raw.data(), raw.size()}, device.stream());
  float* values = reinterpret_cast<float*>(out);
  WithElementType(ElementTypeOf(tensor.dtype()), [&](auto element) {
    for (const auto value : raw.As<decltype(element)>()) {
      *values++ = static_cast<float>(static_cast<double>(value));
    }
  });
}

void CopyFromHost(const Tensor& host, const Tensor& tensor, const CudaDevice& device) {
  const std::span bytes(static_cast<const std::byte*>(host.memory()), host.bytes());
  if (host.dtype() == tensor.dtype()) {
    CopyToDevice(bytes, tensor.memory(), device.stream());
    return;
  }
  const size_t most = device.workspace().size();
  auto* to = static_cast<std::byte*>(tensor.memory());
  for (size_t first = 0; first < bytes.size(); first += most) {
    const auto piece = bytes.subspan(first, std::min(most, bytes.size() - first));
    const size_t count = piece.size() / sizeof(float);
    CopyToDevice(piece, device.workspace().data(), device.stream());
    NarrowCopy(device.workspace().As<float>(), to, tensor.dtype(), count, device);
    to += count * SizeOf(tensor.dtype());
  }
}

}  // namespace seve
