#include "layers/upsample.h"

#include <algorithm>

namespace seve {
namespace {

// The pixels between whose centres the centre of `place` lies, by how near each is.
void AddNeighbours(int64_t place, int64_t scale, AxisTaps* axis) {
  const double at =
      std::max(0.0, (static_cast<double>(place) + 0.5) / static_cast<double>(scale) - 0.5);
  const auto before = static_cast<int64_t>(at);
  const double share = at - static_cast<double>(before);
  const bool edge = share == 0 || before + 1 == axis->places;
  axis->taps.push_back({static_cast<int32_t>(before), edge ? 1.0f : static_cast<float>(1 - share)});
  if (!edge) {
    axis->taps.push_back({static_cast<int32_t>(before + 1), static_cast<float>(share)});
  }
}

AxisTaps Enlarged(int64_t pixels, int64_t scale, Interpolation interpolation) {
  AxisTaps axis;
  axis.places = pixels;
  for (int64_t place = 0; place < scale * pixels; ++place) {
    if (interpolation == Interpolation::kBilinear) {
      AddNeighbours(place, scale, &axis);
    } else {
      axis.taps.push_back({static_cast<int32_t>(place / scale), 1});
    }
    axis.EndPlace();
  }
  return axis;
}

}  // namespace

Upsample::Upsample(const Shape& input, int64_t scale, Interpolation interpolation)
    : Resampling(input[0], Enlarged(input[1], scale, interpolation),
                 Enlarged(input[2], scale, interpolation)) {}

}  // namespace seve
