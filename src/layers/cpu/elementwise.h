// Activations over arrays: the loops that activation layers and fused activations share.
#pragma once

#include <cstdint>

#include "layers/activation_functions.h"

namespace seve {

// y = f(x).
void ApplyActivation(const Activation& activation, const float* x, float* y, int64_t count);

// y(rows, units) = f(y + bias) in place; bias (units) may be null.
void AddBiasAndActivate(const Activation& activation, const float* bias, float* y, int64_t rows,
                        int64_t units);

// dx = dy f'(x), or dx += dy f'(x) with `add`. Of x and y only the one that the slope reads is
// touched; the other may be null.
void ActivationGradient(const Activation& activation, const float* x, const float* y,
                        const float* dy, float* dx, int64_t count, bool add);

// dy *= f'(x) in place, otherwise the same.
void ScaleBySlope(const Activation& activation, const float* x, const float* y, float* dy,
                  int64_t count);

}  // namespace seve
