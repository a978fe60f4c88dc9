// In what a GPU computes products and keeps activations. Parameters, gradients and optimizer state
// are FP32 always.
#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace seve {

enum class Precision : uint8_t {
  kFp32,  // FP32 products without tensor cores
  kTf32,  // FP32 activations, products of tensor cores rounded to 10 bits of fraction
  kBf16,  // activations and copies of the parameters in bfloat16
  kFp16,  // the same in IEEE half, with a dynamic loss scale
};

// Of activations, their gradients and the copies of parameters that layers read.
constexpr DType ActivationType(Precision precision) {
  switch (precision) {
    case Precision::kFp32:
    case Precision::kTf32: return DType::kFloat32;
    case Precision::kBf16: return DType::kBfloat16;
    case Precision::kFp16: return DType::kFloat16;
  }
  return DType::kFloat32;
}

constexpr const char* NameOf(Precision precision) {
  switch (precision) {
    case Precision::kFp32: return "FP32";
    case Precision::kTf32: return "TF32";
    case Precision::kBf16: return "BF16";
    case Precision::kFp16: return "FP16";
  }
  return "?";
}

}  // namespace seve
