#include "layers/cpu/convolution.h"

#include "layers/cpu/convolution_engines.h"

namespace seve {

std::unique_ptr<ConvolutionForward> MakeConvolutionForward(const ConvolutionGeometry& geometry,
                                                           int64_t rows,
                                                           const Activation& activation, bool add) {
  if (!add && DirectForwardIsFaster(geometry)) return MakeDirectForward(geometry, rows, activation);
  return MakeOneDnnForward(geometry, rows, activation, add);
}

std::unique_ptr<ConvolutionInputGradient> MakeConvolutionInputGradient(
    const ConvolutionGeometry& geometry, int64_t rows, bool add) {
  return MakeOneDnnInputGradient(geometry, rows, add);
}

std::unique_ptr<ConvolutionWeightGradient> MakeConvolutionWeightGradient(
    const ConvolutionGeometry& geometry, int64_t rows) {
  return MakeOneDnnWeightGradient(geometry, rows);
}

}  // namespace seve
