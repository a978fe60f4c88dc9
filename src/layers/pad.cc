#include "layers/pad.h"

#include <algorithm>

namespace seve {
namespace {

// The pixel that `place`, which may lie outside, shows; -1: none.
int64_t Shown(int64_t place, int64_t pixels, PadMode mode) {
  if (place >= 0 && place < pixels) return place;
  switch (mode) {
    case PadMode::kReflect:
      return place < 0 ? -place : 2 * (pixels - 1) - place;
    case PadMode::kReplicate:
      return std::clamp<int64_t>(place, 0, pixels - 1);
    case PadMode::kConstant:
      break;
  }
  return -1;
}

AxisTaps Padded(int64_t pixels, int64_t before, int64_t after, PadMode mode) {
  Check(mode != PadMode::kReflect || std::max(before, after) < pixels,
        "a picture mirrored further than it reaches");
  AxisTaps padded;
  padded.places = pixels;
  for (int64_t place = -before; place < pixels + after; ++place) {
    const int64_t shown = Shown(place, pixels, mode);
    if (shown >= 0) padded.taps.push_back({static_cast<int32_t>(shown), 1});
    padded.EndPlace();
  }
  return padded;
}

}  // namespace

Pad::Pad(const Shape& input, const PadAmounts& amounts, PadMode mode, float value)
    : Resampling(input[0], Padded(input[1], amounts.top, amounts.bottom, mode),
                 Padded(input[2], amounts.left, amounts.right, mode), value) {}

}  // namespace seve
