// exp, expm1, log1p, tanh and erf in single precision: branch-free, so that loops over them
// vectorise, and the same bits wherever in a vector an element stands. NaN in, NaN out. Errors, in
// units of the last place: Exp, Expm1 and Log1p 2, Tanh and Erf 4. Polynomials are minimax fits
// (Remez) of ours.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/host_device.h"

namespace seve::elementary {

// x = n ln 2 + r with |r| <= ln(2)/2.
struct Reduced {
  float remainder;  // r
  uint32_t power;   // n, modulo 2^32
};

SEVE_HOST_DEVICE Reduced Reduce(float x) {
  constexpr float kRound = 0x1.8p23f;  // adding it leaves the nearest integer in the low bits
  const float shifted = std::fma(x, 0x1.715476p0f, kRound);
  const float n = shifted - kRound;
  const float r = std::fma(n, -0x1.62e43p-1f, x);  // ln 2 in two parts, the first short
  return {std::fma(n, 0x1.05c61p-29f, r), std::bit_cast<uint32_t>(shifted) - 0x4b400000u};
}

// 2^n for -126 <= n <= 127.
SEVE_HOST_DEVICE float PowerOfTwo(uint32_t n) { return std::bit_cast<float>((n + 127u) << 23); }

// exp(r) - 1 for |r| <= ln(2)/2.
SEVE_HOST_DEVICE float Expm1Reduced(float r) {
  float p = 1.9846065e-4f;
  p = std::fma(p, r, 1.39407895e-3f);
  p = std::fma(p, r, 8.33338965e-3f);
  p = std::fma(p, r, 4.16663587e-2f);
  p = std::fma(p, r, 0.166666657f);
  p = std::fma(p, r, 0.5f);
  return std::fma(p, r * r, r);
}

// Results near the smallest normal number (x < -86.9) are 0.
SEVE_HOST_DEVICE float Exp(float x) {
  const Reduced reduced = Reduce(x);
  const float half = PowerOfTwo(reduced.power - 1u);  // 2^128 would not fit
  const float y = std::fma(Expm1Reduced(reduced.remainder), half, half) * 2.0f;
  const float low = x < -86.9f ? 0.0f : y;
  return x > 88.7228f ? std::numeric_limits<float>::infinity() : low;
}

SEVE_HOST_DEVICE float Expm1(float x) {
  const Reduced reduced = Reduce(x);
  const float half = PowerOfTwo(reduced.power - 1u);
  const float y = std::fma(Expm1Reduced(reduced.remainder), half, half - 0.5f) * 2.0f;
  const float low = x < -86.9f ? -1.0f : y;
  return x > 88.7228f ? std::numeric_limits<float>::infinity() : low;
}

// log(1 + u) for 0 <= u <= 1: 2 atanh(s) with s = u / (2 + u).
SEVE_HOST_DEVICE float Log1pUnit(float u) {
  const float s = u / (2.0f + u);
  const float t = s * s;
  float p = 0.121324383f;
  p = std::fma(p, t, 0.10719195f);
  p = std::fma(p, t, 0.143078804f);
  p = std::fma(p, t, 0.199994624f);
  p = std::fma(p, t, 0.333333373f);
  const float twice = s + s;
  return std::fma(twice * t, p, twice);
}

SEVE_HOST_DEVICE float Tanh(float x) {
  const float magnitude = std::fabs(x);
  const float clamped = magnitude > 10.0f ? 10.0f : magnitude;  // NaN stays
  const float e = Expm1(clamped + clamped);
  return std::copysign(e / (e + 2.0f), x);
}

SEVE_HOST_DEVICE float Erf(float x) {
  const float magnitude = std::fabs(x);
  const float a = magnitude > 4.0f ? 4.0f : magnitude;
  const float t = a * a;
  float p = 8.31676734e-05f;  // erf(a) = a + a p(a^2) below 0.92
  p = std::fma(p, t, -8.13001068e-4f);
  p = std::fma(p, t, 5.19990642e-3f);
  p = std::fma(p, t, -2.68589407e-2f);
  p = std::fma(p, t, 0.112836875f);
  p = std::fma(p, t, -0.376126319f);
  p = std::fma(p, t, 0.128379166f);
  const float inner = std::fma(p, a, a);
  float q = -1.9494255e-4f;  // erf(a) = 1 - exp(-q(a)) up to 4
  q = std::fma(q, a, 3.03365313e-3f);
  q = std::fma(q, a, -2.21896283e-2f);
  q = std::fma(q, a, 0.103856087f);
  q = std::fma(q, a, 0.63726604f);
  q = std::fma(q, a, 1.12762725f);
  q = std::fma(q, a, 2.07047458e-4f);
  const float outer = 1.0f - Exp(-q);
  return std::copysign(a < 0.92f ? inner : outer, x);
}

}  // namespace seve::elementary
