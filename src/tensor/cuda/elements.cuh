// Elements of tensors in kernels: float, bfloat16 and half, computed with as float, read and
// written 16 bytes at a time.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>
#include <stdexcept>

#include "tensor/dtype.h"

namespace seve {

template <>
struct DTypeOf<__nv_bfloat16> {
  static constexpr DType value = DType::kBfloat16;
};
template <>
struct DTypeOf<__half> {
  static constexpr DType value = DType::kFloat16;
};

__device__ inline float ToFloat(float value) { return value; }
__device__ inline float ToFloat(__nv_bfloat16 value) { return __bfloat162float(value); }
__device__ inline float ToFloat(__half value) { return __half2float(value); }

template <typename T>
__device__ T FromFloat(float value);
template <>
__device__ inline float FromFloat(float value) {
  return value;
}
template <>
__device__ inline __nv_bfloat16 FromFloat(float value) {
  return __float2bfloat16_rn(value);
}
template <>
__device__ inline __half FromFloat(float value) {
  return __float2half_rn(value);
}

// As many elements as 16 bytes hold.
template <typename T>
struct alignas(16) Pack {
  static constexpr int kSize = 16 / sizeof(T);
  T values[kSize];

  __device__ static Pack Load(const T* from) { return *reinterpret_cast<const Pack*>(from); }
  __device__ void Store(T* to) const { *reinterpret_cast<Pack*>(to) = *this; }
};

// Calls body(T{}) with the type that a floating-point DType stands for.
template <typename Body>
decltype(auto) WithFloatingType(DType type, Body&& body) {
  switch (type) {
    case DType::kFloat32:
      return body(float{});
    case DType::kBfloat16:
      return body(__nv_bfloat16{});
    case DType::kFloat16:
      return body(__half{});
    default:
      throw std::logic_error("a kernel was asked for elements that are no floating-point numbers");
  }
}

}  // namespace seve
