// Left and right exchanged.
#pragma once

#include "data/augment/picture_draws.h"
#include "data/augment/picture_extent.h"

namespace seve {

struct Flip {
  // Flips where a word drawn is below this: probability * 2^32.
  uint64_t threshold;
  // Instead, a half of the samples in even epochs, the other half in odd ones.
  bool alternating;

  struct Drawn {
    bool flips;
  };

  [[nodiscard]] SEVE_HOST_DEVICE Drawn Draw(const PictureDraws& sample,
                                            const PictureExtent& /*extent*/) const {
    if (alternating) {
      const auto epoch = static_cast<uint32_t>(sample.epoch);
      return {((sample.Once().Word() ^ epoch) & 1u) != 0};
    }
    return {sample.Now().Word() < threshold};
  }

  SEVE_HOST_DEVICE void WritePixel(const Drawn& drawn, const uint8_t* from,
                                   const PictureExtent& extent, int32_t y, int32_t x,
                                   uint8_t* to) const {
    const int32_t column = drawn.flips ? extent.width - 1 - x : x;
    CopyPixel(from + extent.Place(y, column), extent, to);
  }

  void Write(const Drawn& drawn, const uint8_t* from, const PictureExtent& extent,
             uint8_t* to) const;
};

}  // namespace seve
