// A picture with a border around it, and a picture of the old size cut out of that, anywhere.
#pragma once

#include "data/augment/picture_draws.h"
#include "data/augment/picture_extent.h"

namespace seve {

struct PadAndCrop {
  int32_t padding;  // less than either side
  bool reflect;     // the border mirrors the picture; otherwise black

  // The new picture's corner in the old one, from -padding to padding.
  struct Drawn {
    int32_t top, left;
  };

  [[nodiscard]] SEVE_HOST_DEVICE Drawn Draw(const PictureDraws& sample,
                                            const PictureExtent& /*extent*/) const {
    Draws draws = sample.Now();
    const auto places = static_cast<uint32_t>(2 * padding + 1);
    const auto top = static_cast<int32_t>(draws.Below(places)) - padding;
    const auto left = static_cast<int32_t>(draws.Below(places)) - padding;
    return {top, left};
  }

  // The edge itself stands once: -1 becomes 1, `size` becomes size - 2.
  SEVE_HOST_DEVICE static int32_t Mirrored(int32_t at, int32_t size) {
    const int32_t below = at < 0 ? -at : at;
    return below < size ? below : 2 * (size - 1) - below;
  }

  SEVE_HOST_DEVICE void WritePixel(const Drawn& drawn, const uint8_t* from,
                                   const PictureExtent& extent, int32_t y, int32_t x,
                                   uint8_t* to) const {
    int32_t row = y + drawn.top, column = x + drawn.left;
    if (reflect) {
      row = Mirrored(row, extent.height);
      column = Mirrored(column, extent.width);
    }
    const bool inside = row >= 0 && row < extent.height && column >= 0 && column < extent.width;
    if (inside) return CopyPixel(from + extent.Place(row, column), extent, to);
    for (int32_t channel = 0; channel < extent.channels; ++channel) to[channel] = 0;
  }

  // The whole picture.
  void Write(const Drawn& drawn, const uint8_t* from, const PictureExtent& extent,
             uint8_t* to) const;
};

}  // namespace seve
