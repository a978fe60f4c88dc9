// A small grey picture that a round pen draws on.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "data/digits/glyphs.h"

namespace seve {

class InkCanvas {
 public:
  static constexpr int kSize = 28;
  static constexpr int kPixels = kSize * kSize;

  // Draws the segment from a to b, in pixels (the centre of the first pixel is (0, 0)), with a pen
  // of this radius. A pixel's ink is its distance inside the pen's edge, blurred over one pixel:
  // antialiasing.
  void Draw(StrokePoint a, StrokePoint b, float radius);

  // Ink in [0, 1], row after row.
  [[nodiscard]] std::span<float, kPixels> ink() { return ink_; }

 private:
  std::array<float, kPixels> ink_{};
};

}  // namespace seve
