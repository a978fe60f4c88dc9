// Element types of tensors.
#pragma once

#include <cstddef>
#include <cstdint>

namespace seve {

enum class DType : uint8_t { kFloat32, kInt32, kUint8 };

constexpr size_t SizeOf(DType dtype) { return dtype == DType::kUint8 ? 1 : 4; }

constexpr const char* NameOf(DType dtype) {
  switch (dtype) {
    case DType::kFloat32: return "float32";
    case DType::kInt32: return "int32";
    case DType::kUint8: return "uint8";
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
