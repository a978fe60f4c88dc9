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

// The input gradient as the convolution of dy with the filters turned by half a circle, where that
// is faster than oneDNN's own: of stride 1 alone.
std::unique_ptr<ConvolutionInputGradient> MakeTurnedInputGradient(
    const ConvolutionGeometry& geometry, int64_t rows, bool add);
bool TurnedIsFaster(const ConvolutionGeometry& geometry, bool add);

}  // namespace seve
