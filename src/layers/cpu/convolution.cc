#include "layers/cpu/convolution.h"

#include <algorithm>

#include "layers/cpu/convolution_engines.h"
#include "layers/cpu/winograd.h"

namespace seve {
namespace {

// Of the pictures that go in and come out.
int64_t ValuesOf(const ConvolutionGeometry& geometry) {
  return geometry.InputShape().elements() + geometry.OutputShape().elements();
}

}  // namespace

int64_t ConvolutionRows(const ConvolutionGeometry& geometry, int64_t rows) {
  // Winograd's also share their filters, which are transformed each time.
  const int64_t bytes = WinogradIsFaster(geometry, rows) ? 1 << 20 : 512 << 10;
  const auto values = bytes / static_cast<int64_t>(sizeof(float));
  int64_t together = std::clamp<int64_t>(values / ValuesOf(geometry), 1, rows);
  while (rows % together != 0) --together;
  return together;
}

int64_t WeightGradientRows(const ConvolutionGeometry& geometry, int64_t rows) {
  const int64_t together = ConvolutionRows(geometry, rows);
  const bool large = 2 * geometry.WeightShape().elements() > together * ValuesOf(geometry);
  return large ? rows : together;
}

std::unique_ptr<ConvolutionForward> MakeConvolutionForward(const ConvolutionGeometry& geometry,
                                                           int64_t rows,
                                                           const Activation& activation, bool add) {
  return MakeOneDnnForward(geometry, rows, activation, add);
}

std::unique_ptr<ConvolutionInputGradient> MakeConvolutionInputGradient(
    const ConvolutionGeometry& geometry, int64_t rows, bool add) {
  const bool turned = TurnedIsFaster(geometry, add) && !WinogradIsFaster(geometry, rows);
  if (turned) return MakeTurnedInputGradient(geometry, rows, add);
  return MakeOneDnnInputGradient(geometry, rows, add);
}

std::unique_ptr<ConvolutionWeightGradient> MakeConvolutionWeightGradient(
    const ConvolutionGeometry& geometry, int64_t rows) {
  return MakeOneDnnWeightGradient(geometry, rows);
}

}  // namespace seve
