// The elementwise functions of activations and their derivatives, written once for host and device.
//
// Each functor has
//   Value(x)      the function;
//   Slope(x, y)   its derivative at x, where y = Value(x);
//   kNeedsInput   true: Slope reads x alone; false: it reads y alone, so x need not be kept.
// NaN in, NaN out. Multiply-adds are spelt out, so that vectorised loops and their tails round
// alike.
#pragma once

#include <cstdint>

#include "layers/elementary_functions.h"

namespace seve {

enum class ActivationKind : uint8_t {
  kNone,
  kSigmoid,
  kTanh,
  kRelu,
  kLeakyRelu,
  kElu,
  kGelu,
  kSoftplus,
  kSwish,
  kSelu,
  kHardTanh,
};

struct Activation {
  ActivationKind kind = ActivationKind::kNone;
  float parameter = 0;  // kLeakyRelu: slope; kElu: alpha; both at least 0. kHardTanh: low
  float high = 0;       // kHardTanh alone; above low
};

namespace activation {

struct Identity {
  static constexpr bool kNeedsInput = false;
  SEVE_HOST_DEVICE float Value(float x) const { return x; }
  SEVE_HOST_DEVICE float Slope(float /*x*/, float /*y*/) const { return 1.0f; }
};

struct Sigmoid {
  static constexpr bool kNeedsInput = false;
  SEVE_HOST_DEVICE float Value(float x) const { return 1.0f / (1.0f + elementary::Exp(-x)); }
  SEVE_HOST_DEVICE float Slope(float /*x*/, float y) const { return y * (1.0f - y); }
};

struct Tanh {
  static constexpr bool kNeedsInput = false;
  SEVE_HOST_DEVICE float Value(float x) const { return elementary::Tanh(x); }
  SEVE_HOST_DEVICE float Slope(float /*x*/, float y) const { return std::fma(-y, y, 1.0f); }
};

// The slope at 0 is 0.
struct Relu {
  static constexpr bool kNeedsInput = false;
  SEVE_HOST_DEVICE float Value(float x) const { return x < 0.0f ? 0.0f : x; }
  SEVE_HOST_DEVICE float Slope(float /*x*/, float y) const { return y > 0.0f ? 1.0f : 0.0f; }
};

struct LeakyRelu {
  static constexpr bool kNeedsInput = false;
  float slope;
  SEVE_HOST_DEVICE float Value(float x) const { return x > 0.0f ? x : slope * x; }
  SEVE_HOST_DEVICE float Slope(float /*x*/, float y) const { return y > 0.0f ? 1.0f : slope; }
};

struct Elu {
  static constexpr bool kNeedsInput = false;
  float alpha;
  SEVE_HOST_DEVICE float Value(float x) const {
    return x > 0.0f ? x : alpha * elementary::Expm1(x);
  }
  SEVE_HOST_DEVICE float Slope(float /*x*/, float y) const { return y > 0.0f ? 1.0f : y + alpha; }
};

// x Phi(x), Phi the normal distribution function (Hendrycks & Gimpel 2016).
struct Gelu {
  static constexpr bool kNeedsInput = true;
  SEVE_HOST_DEVICE float Value(float x) const { return x * Phi(x); }
  SEVE_HOST_DEVICE float Slope(float x, float /*y*/) const {
    constexpr float kInverseRootTwoPi = 0.398942280f;
    return std::fma(x * kInverseRootTwoPi, elementary::Exp(-0.5f * x * x), Phi(x));
  }
  SEVE_HOST_DEVICE static float Phi(float x) {
    constexpr float kInverseRootTwo = 0.707106781f;
    return 0.5f * (1.0f + elementary::Erf(x * kInverseRootTwo));
  }
};

struct Softplus {
  static constexpr bool kNeedsInput = false;
  SEVE_HOST_DEVICE float Value(float x) const {
    const float positive = x < 0.0f ? 0.0f : x;
    return positive + elementary::Log1pUnit(elementary::Exp(-std::fabs(x)));
  }
  SEVE_HOST_DEVICE float Slope(float /*x*/, float y) const { return -elementary::Expm1(-y); }
};

// x sigmoid(x), also called SiLU (Ramachandran et al. 2017).
struct Swish {
  static constexpr bool kNeedsInput = true;
  SEVE_HOST_DEVICE float Value(float x) const { return x * Sigmoid{}.Value(x); }
  SEVE_HOST_DEVICE float Slope(float x, float /*y*/) const {
    const float s = Sigmoid{}.Value(x);
    return s * std::fma(x, 1.0f - s, 1.0f);
  }
};

// Klambauer et al. 2017: the fixed point of mean and variance is 0 and 1.
struct Selu {
  static constexpr bool kNeedsInput = false;
  static constexpr float kScale = 1.05070099f;
  static constexpr float kScaledAlpha = 1.75809934f;  // scale times alpha, 1.67326324
  SEVE_HOST_DEVICE float Value(float x) const {
    return x > 0.0f ? kScale * x : kScaledAlpha * elementary::Expm1(x);
  }
  SEVE_HOST_DEVICE float Slope(float /*x*/, float y) const {
    return y > 0.0f ? kScale : y + kScaledAlpha;
  }
};

// The slope at both bounds is 0.
struct HardTanh {
  static constexpr bool kNeedsInput = false;
  float low, high;
  SEVE_HOST_DEVICE float Value(float x) const {
    const float above = x < low ? low : x;
    return above > high ? high : above;
  }
  SEVE_HOST_DEVICE float Slope(float /*x*/, float y) const {
    return y > low && y < high ? 1.0f : 0.0f;
  }
};

}  // namespace activation

// Calls body(functor) with the activation's functor.
template <typename Body>
SEVE_HOST_DEVICE decltype(auto) DispatchActivation(const Activation& chosen, Body&& body) {
  switch (chosen.kind) {
    case ActivationKind::kNone:
      return body(activation::Identity{});
    case ActivationKind::kSigmoid:
      return body(activation::Sigmoid{});
    case ActivationKind::kTanh:
      return body(activation::Tanh{});
    case ActivationKind::kRelu:
      return body(activation::Relu{});
    case ActivationKind::kLeakyRelu:
      return body(activation::LeakyRelu{chosen.parameter});
    case ActivationKind::kElu:
      return body(activation::Elu{chosen.parameter});
    case ActivationKind::kGelu:
      return body(activation::Gelu{});
    case ActivationKind::kSoftplus:
      return body(activation::Softplus{});
    case ActivationKind::kSwish:
      return body(activation::Swish{});
    case ActivationKind::kSelu:
      return body(activation::Selu{});
    case ActivationKind::kHardTanh:
      break;
  }
  return body(activation::HardTanh{chosen.parameter, chosen.high});
}

// True when the derivative is computed from the input, which must then be kept.
SEVE_HOST_DEVICE bool SlopeNeedsInput(const Activation& chosen) {
  return DispatchActivation(chosen, [](auto f) { return decltype(f)::kNeedsInput; });
}

}  // namespace seve
