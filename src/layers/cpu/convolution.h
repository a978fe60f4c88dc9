// The three products of a convolution, compiled once for their geometry and run on pointers: what
// conv2d and conv_transpose2d are made of.
#pragma once

#include <memory>

#include "layers/activation_functions.h"
#include "layers/convolution_geometry.h"

namespace seve {

// x(rows, H, W, C), y(rows, H', W', O) and their gradients lie channels-last, w(O, C / groups, KH,
// KW) as it is. Nothing may be null unless said so. One object runs one product at a time;
// different ones may run on different threads.

// y = f(x * w + bias), or y += x * w + bias.
class ConvolutionForward {
 public:
  virtual ~ConvolutionForward() = default;
  // bias (O) may be null.
  virtual void Run(const float* x, const float* w, const float* bias, float* y) = 0;
};

// dx = dy * w^T, or dx += dy * w^T.
class ConvolutionInputGradient {
 public:
  virtual ~ConvolutionInputGradient() = default;
  virtual void Run(const float* dy, const float* w, float* dx) = 0;
};

// dw = dy^T * x, or dw += dy^T * x with `add`.
class ConvolutionWeightGradient {
 public:
  virtual ~ConvolutionWeightGradient() = default;
  virtual void Run(const float* x, const float* dy, float* dw, bool add) = 0;
};

// The engine that is fastest for the geometry, from it and the processor alone, never by timing.
// `rows` is at least 1.
std::unique_ptr<ConvolutionForward> MakeConvolutionForward(const ConvolutionGeometry& geometry,
                                                           int64_t rows,
                                                           const Activation& activation, bool add);
std::unique_ptr<ConvolutionInputGradient> MakeConvolutionInputGradient(
    const ConvolutionGeometry& geometry, int64_t rows, bool add);
std::unique_ptr<ConvolutionWeightGradient> MakeConvolutionWeightGradient(
    const ConvolutionGeometry& geometry, int64_t rows);

}  // namespace seve
