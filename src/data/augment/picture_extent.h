// The extents of a picture that is augmented.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/host_device.h"

namespace seve {

// It lies as bytes (height, width, channels).
struct PictureExtent {
  // Of augmented pictures.
  static constexpr int32_t kMostChannels = 16, kMostSide = 16384;

  int32_t height, width, channels;

  [[nodiscard]] SEVE_HOST_DEVICE int32_t pixels() const { return height * width; }
  [[nodiscard]] SEVE_HOST_DEVICE size_t bytes() const {
    return static_cast<size_t>(pixels()) * static_cast<size_t>(channels);
  }
  // Of its first byte.
  [[nodiscard]] SEVE_HOST_DEVICE size_t Place(int32_t y, int32_t x) const {
    return (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) *
           static_cast<size_t>(channels);
  }
};

SEVE_HOST_DEVICE void CopyPixel(const uint8_t* from, const PictureExtent& extent, uint8_t* to) {
  for (int32_t channel = 0; channel < extent.channels; ++channel) to[channel] = from[channel];
}

}  // namespace seve
