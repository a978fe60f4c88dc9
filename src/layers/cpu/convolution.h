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

// y = f(x * w + bias), or y += x * w + bias, with the weights of the latest SetWeights.
class ConvolutionForward {
 public:
  virtual ~ConvolutionForward() = default;
  // bias (O) may be null; it is not copied.
  virtual void SetWeights(const float* w, const float* bias) = 0;
  virtual void Run(const float* x, float* y) = 0;
};

// dx = dy * w^T, or dx += dy * w^T, with the weights of the latest SetWeights.
class ConvolutionInputGradient {
 public:
  virtual ~ConvolutionInputGradient() = default;
  virtual void SetWeights(const float* w) = 0;
  virtual void Run(const float* dy, float* dx) = 0;
};

// dw = dy^T * x, or dw += dy^T * x with `add`: the sum over all calls of Add since a first one.
class ConvolutionWeightGradient {
 public:
  virtual ~ConvolutionWeightGradient() = default;
  virtual void Add(const float* x, const float* dy, bool first) = 0;
  virtual void Store(float* dw, bool add) = 0;
};

// So many of `rows` samples, a divisor, go through a convolution at a time: what it reads and
// writes stays in the second-level cache for what comes next. The gradient of large weights is
// better computed of more, a multiple.
int64_t ConvolutionRows(const ConvolutionGeometry& geometry, int64_t rows);
int64_t WeightGradientRows(const ConvolutionGeometry& geometry, int64_t rows);

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
