#include "layers/cpu/elementwise.h"

namespace seve {
namespace {

// Slope at element i, from x or y, whichever the functor reads.
template <typename F>
float SlopeAt(const F& f, const float* known, int64_t i) {
  if constexpr (F::kNeedsInput) {
    return f.Slope(known[i], 0.0f);
  } else {
    return f.Slope(0.0f, known[i]);
  }
}

}  // namespace

void ApplyActivation(const Activation& activation, const float* __restrict x, float* __restrict y,
                     int64_t count) {
  DispatchActivation(activation, [=](auto f) {
    for (int64_t i = 0; i < count; ++i) y[i] = f.Value(x[i]);
  });
}

void AddBiasAndActivate(const Activation& activation, const float* __restrict bias,
                        float* __restrict y, int64_t rows, int64_t units) {
  DispatchActivation(activation, [=](auto f) {
    if (bias == nullptr) {
      for (int64_t i = 0; i < rows * units; ++i) y[i] = f.Value(y[i]);
      return;
    }
    for (int64_t row = 0; row < rows; ++row) {
      float* __restrict out = y + row * units;
      for (int64_t j = 0; j < units; ++j) out[j] = f.Value(out[j] + bias[j]);
    }
  });
}

void ActivationGradient(const Activation& activation, const float* x, const float* y,
                        const float* __restrict dy, float* __restrict dx, int64_t count, bool add) {
  DispatchActivation(activation, [=](auto f) {
    const float* __restrict known = decltype(f)::kNeedsInput ? x : y;
    if (add) {
      for (int64_t i = 0; i < count; ++i) dx[i] = std::fma(dy[i], SlopeAt(f, known, i), dx[i]);
    } else {
      for (int64_t i = 0; i < count; ++i) dx[i] = dy[i] * SlopeAt(f, known, i);
    }
  });
}

void ScaleBySlope(const Activation& activation, const float* x, const float* y,
                  float* __restrict dy, int64_t count) {
  DispatchActivation(activation, [=](auto f) {
    const float* __restrict known = decltype(f)::kNeedsInput ? x : y;
    for (int64_t i = 0; i < count; ++i) dy[i] *= SlopeAt(f, known, i);
  });
}

}  // namespace seve
