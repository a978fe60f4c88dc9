// A square of a picture made one colour.
#pragma once

#include "data/augment/picture_draws.h"
#include "data/augment/picture_extent.h"

namespace seve {

struct Cutout {
  int32_t side;
  uint8_t fill[PictureExtent::kMostChannels];

  // Rows [top, bottom) and columns [left, right), which lie in the picture.
  struct Drawn {
    int32_t top, bottom, left, right;
  };

  // The square's middle is any pixel; what lies outside the picture is cut off.
  [[nodiscard]] SEVE_HOST_DEVICE Drawn Draw(const PictureDraws& sample,
                                            const PictureExtent& extent) const {
    Draws draws = sample.Now();
    const auto top =
        static_cast<int32_t>(draws.Below(static_cast<uint32_t>(extent.height))) - side / 2;
    const auto left =
        static_cast<int32_t>(draws.Below(static_cast<uint32_t>(extent.width))) - side / 2;
    const int32_t bottom = top + side, right = left + side;
    return {top < 0 ? 0 : top, bottom < extent.height ? bottom : extent.height, left < 0 ? 0 : left,
            right < extent.width ? right : extent.width};
  }

  SEVE_HOST_DEVICE void WritePixel(const Drawn& drawn, const uint8_t* from,
                                   const PictureExtent& extent, int32_t y, int32_t x,
                                   uint8_t* to) const {
    const bool inside = y >= drawn.top && y < drawn.bottom && x >= drawn.left && x < drawn.right;
    CopyPixel(inside ? fill : from + extent.Place(y, x), extent, to);
  }

  void Write(const Drawn& drawn, const uint8_t* from, const PictureExtent& extent,
             uint8_t* to) const;
};

}  // namespace seve
