// Element types of arrays in files, of which tensors have but a few, and how to compute with each.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "tensor/dtype.h"

namespace seve {

enum class ElementType : uint8_t {
  kBool,
  kUint8,
  kUint16,
  kUint32,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kFloat16,
  kBfloat16,
  kFloat32,
  kFloat64,
};

// IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits.
struct Float16 {
  uint16_t bits;

  explicit operator double() const {
    const int exponent = bits >> 10 & 31;
    const int fraction = bits & 1023;
    double magnitude =
        std::ldexp(exponent == 0 ? fraction : fraction + 1024, exponent == 0 ? -24 : exponent - 25);
    if (exponent == 31) magnitude = fraction == 0 ? HUGE_VAL : std::nan("");
    return bits >> 15 ? -magnitude : magnitude;
  }
};

// The upper half of a float32.
struct Bfloat16 {
  uint16_t bits;

  explicit operator double() const { return std::bit_cast<float>(uint32_t{bits} << 16); }
};

// Calls `use` with a value of the C++ type that has these elements' bytes: bool as uint8_t, the
// others as themselves.
template <typename Use>
constexpr decltype(auto) WithElementType(ElementType type, Use&& use) {
  switch (type) {
    case ElementType::kBool:
    case ElementType::kUint8:
      return use(uint8_t{});
    case ElementType::kUint16:
      return use(uint16_t{});
    case ElementType::kUint32:
      return use(uint32_t{});
    case ElementType::kInt8:
      return use(int8_t{});
    case ElementType::kInt16:
      return use(int16_t{});
    case ElementType::kInt32:
      return use(int32_t{});
    case ElementType::kInt64:
      return use(int64_t{});
    case ElementType::kFloat16:
      return use(Float16{});
    case ElementType::kBfloat16:
      return use(Bfloat16{});
    case ElementType::kFloat32:
      return use(float{});
    case ElementType::kFloat64:
      return use(double{});
  }
  return use(uint8_t{});
}

constexpr size_t SizeOf(ElementType type) {
  return WithElementType(type, [](auto element) { return sizeof(element); });
}

constexpr ElementType ElementTypeOf(DType dtype) {
  switch (dtype) {
    case DType::kFloat32:
      return ElementType::kFloat32;
    case DType::kInt32:
      return ElementType::kInt32;
    case DType::kUint8:
      return ElementType::kUint8;
    case DType::kBfloat16:
      return ElementType::kBfloat16;
    case DType::kFloat16:
      return ElementType::kFloat16;
  }
  return ElementType::kUint8;
}

// Whole numbers, bool among them.
constexpr bool IsInteger(ElementType type) { return type <= ElementType::kInt64; }

// "float64", as NumPy says.
constexpr const char* NameOf(ElementType type) {
  switch (type) {
    case ElementType::kBool:
      return "bool";
    case ElementType::kUint8:
      return "uint8";
    case ElementType::kUint16:
      return "uint16";
    case ElementType::kUint32:
      return "uint32";
    case ElementType::kInt8:
      return "int8";
    case ElementType::kInt16:
      return "int16";
    case ElementType::kInt32:
      return "int32";
    case ElementType::kInt64:
      return "int64";
    case ElementType::kFloat16:
      return "float16";
    case ElementType::kBfloat16:
      return "bfloat16";
    case ElementType::kFloat32:
      return "float32";
    case ElementType::kFloat64:
      return "float64";
  }
  return "?";
}

}  // namespace seve
