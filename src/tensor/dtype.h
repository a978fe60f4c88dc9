// Element types of tensors.
#pragma once

#include <cstddef>
#include <cstdint>

namespace seve {

// The two of 16 bits exist on GPUs alone: what layers compute in reduced precision.
enum class DType : uint8_t { kFloat32, kInt32, kUint8, kBfloat16, kFloat16 };

constexpr size_t SizeOf(DType dtype) {
  switch (dtype) {
    case DType::kUint8: return 1;
    case DType::kBfloat16:
    case DType::kFloat16: return 2;
    case DType::kFloat32:
    case DType::kInt32: break;
  }
  return 4;
}

constexpr const char* NameOf(DType dtype) {
  switch (dtype) {
    case DType::kFloat32: return "float32";
    case DType::kInt32: return "int32";
    case DType::kUint8: return "uint8";
    case DType::kBfloat16: return "bfloat16";
    case DType::kFloat16: return "float16";
  }
  return "?";
}

template <typename T>
struct DTypeOf;
template <>
struct DTypeOf<float> {
  static constexpr DType value = DType::kFloat32;
};
template <>
struct DTypeOf<int32_t> {
  static constexpr DType value = DType::kInt32;
};
template <>
struct DTypeOf<uint8_t> {
  static constexpr DType value = DType::kUint8;
};

}  // namespace seve
