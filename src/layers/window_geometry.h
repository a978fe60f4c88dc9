// The windows that pooling goes over, whoever computes it.
#pragma once

#include "base/host_device.h"
#include "layers/convolution_geometry.h"

namespace seve {

// x: (N, channels, input), y: (N, channels, output); a window of y is what y's value is taken from.
struct WindowGeometry {
  int64_t channels = 0;
  Extent input, output;
  Extent size, stride;
  Extent padding = {0, 0};  // on each side, at most half of size: every window has a pixel

  [[nodiscard]] Shape InputShape() const { return {channels, input.height, input.width}; }
  [[nodiscard]] Shape OutputShape() const { return {channels, output.height, output.width}; }
  [[nodiscard]] int64_t Positions() const { return size.height * size.width; }
};

// Indices along one axis, `end` not among them.
struct IndexRange {
  int64_t begin = 0, end = 0;
};

// The pixels of window `at`, without padding.
SEVE_HOST_DEVICE IndexRange PixelsOfWindow(int64_t at, int64_t size, int64_t stride,
                                           int64_t padding, int64_t pixels) {
  const int64_t first = at * stride - padding;
  return {first > 0 ? first : 0, first + size < pixels ? first + size : pixels};
}

// The windows that pixel `at` is in.
SEVE_HOST_DEVICE IndexRange WindowsOfPixel(int64_t at, int64_t size, int64_t stride,
                                           int64_t padding, int64_t windows) {
  const int64_t place = at + padding;
  const int64_t end = place / stride + 1;
  return {place < size ? 0 : (place - size) / stride + 1, end < windows ? end : windows};
}

}  // namespace seve
