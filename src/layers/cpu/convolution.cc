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
  constexpr int64_t kBytes = 512 << 10;
  // Winograd's also share their filters, which are transformed each time: 256 channels of 14 x 14
  // take 1550 us a sample of 2 forward, 1230 of 4 and 1060 of 8.
  constexpr int64_t kWinogradBytes = 1 << 20, kWinogradPixels = 1536;
  const bool winograd = GoesByWinograd(geometry, rows);
  const int64_t bytes = winograd ? kWinogradBytes : kBytes;
  int64_t together = bytes / static_cast<int64_t>(sizeof(float)) / ValuesOf(geometry);
  const int64_t pixels = geometry.output.height * geometry.output.width;
  if (winograd) together = std::max(together, (kWinogradPixels + pixels - 1) / pixels);
  together = std::clamp<int64_t>(together, 1, rows);
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
  const bool turned = TurnedIsFaster(geometry, add) && !GoesByWinograd(geometry, rows);
  if (turned) return MakeTurnedInputGradient(geometry, rows, add);
  return MakeOneDnnInputGradient(geometry, rows, add);
}

std::unique_ptr<ConvolutionWeightGradient> MakeConvolutionWeightGradient(
    const ConvolutionGeometry& geometry, int64_t rows) {
  return MakeOneDnnWeightGradient(geometry, rows);
}

}  // namespace seve
