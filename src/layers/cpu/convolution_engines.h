// The implementations of the three products of a convolution.
#pragma once

#include "layers/cpu/convolution.h"

namespace seve {

// oneDNN's primitives: any geometry.
std::unique_ptr<ConvolutionForward> MakeOneDnnForward(const ConvolutionGeometry& geometry,
                                                      int64_t rows, const Activation& activation,
                                                      bool add);
std::unique_ptr<ConvolutionInputGradient> MakeOneDnnInputGradient(
    const ConvolutionGeometry& geometry, int64_t rows, bool add);
std::unique_ptr<ConvolutionWeightGradient> MakeOneDnnWeightGradient(
    const ConvolutionGeometry& geometry, int64_t rows);

// Our own kernel, where it is faster than oneDNN.
std::unique_ptr<ConvolutionForward> MakeDirectForward(const ConvolutionGeometry& geometry,
                                                      int64_t rows, const Activation& activation);
bool DirectForwardIsFaster(const ConvolutionGeometry& geometry);

}  // namespace seve
