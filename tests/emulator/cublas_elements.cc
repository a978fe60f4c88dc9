#include "emulator/cublas_elements.h"

#include <bit>
#include <cmath>
#include <cstdint>

namespace seve::emulator {

float RoundToTf32(float value) {
  if (!std::isfinite(value)) return value;
  constexpr int kDropped = 13;
  auto bits = std::bit_cast<uint32_t>(value);
  bits += (uint32_t{1} << (kDropped - 1)) - 1 + (bits >> kDropped & 1);
  return std::bit_cast<float>(bits >> kDropped << kDropped);
}

Floats::Floats(const void* elements, cudaDataType_t type, size_t count, bool tf32) {
  if (type == CUDA_R_32F && !tf32) {
    data_ = static_cast<const float*>(elements);
    return;
  }
  converted_.resize(count);
  for (size_t i = 0; i < count; ++i) {
    const float value = ElementAt(elements, type, i);
    converted_[i] = tf32 ? RoundToTf32(value) : value;
  }
  data_ = converted_.data();
}

}  // namespace seve::emulator
