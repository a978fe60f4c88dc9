// Elements of cuBLASLt's matrices as floats.
#pragma once

#include <cublasLt.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstddef>
#include <vector>

namespace seve::emulator {

constexpr bool IsElementType(cudaDataType_t type) {
  return type == CUDA_R_32F || type == CUDA_R_16BF || type == CUDA_R_16F;
}

constexpr size_t SizeOf(cudaDataType_t type) { return type == CUDA_R_32F ? 4 : 2; }

inline float ElementAt(const void* elements, cudaDataType_t type, size_t index) {
  switch (type) {
    case CUDA_R_16BF:
      return __bfloat162float(static_cast<const __nv_bfloat16*>(elements)[index]);
    case CUDA_R_16F:
      return __half2float(static_cast<const __half*>(elements)[index]);
    default:
      return static_cast<const float*>(elements)[index];
  }
}

// To the nearest value of the type, ties to even.
inline void StoreElement(void* elements, cudaDataType_t type, size_t index, float value) {
  switch (type) {
    case CUDA_R_16BF:
      static_cast<__nv_bfloat16*>(elements)[index] = __float2bfloat16_rn(value);
      return;
    case CUDA_R_16F:
      static_cast<__half*>(elements)[index] = __float2half_rn(value);
      return;
    default:
      static_cast<float*>(elements)[index] = value;
  }
}

// With 10 bits of fraction, to the nearest, ties to even.
float RoundToTf32(float value);

// Floats of a matrix in memory: the elements themselves where they are floats that need no
// rounding.
class Floats {
 public:
  Floats(const void* elements, cudaDataType_t type, size_t count, bool tf32);
  [[nodiscard]] const float* data() const { return data_; }

 private:
  std::vector<float> converted_;
  const float* data_;
};

}  // namespace seve::emulator
