// A rectangle of random area and shape out of a picture, scaled to the picture's size (Szegedy et
// al. 2015).
#pragma once

#include <cmath>

#include "data/augment/picture_draws.h"
#include "data/augment/picture_extent.h"

namespace seve {

struct CropRectangle {
  int32_t top, left, height, width;
};

// What a place between two neighbours along an axis takes of each.
struct CropTap {
  int32_t low, high;   // places
  int32_t high_share;  // of 256
};

struct RandomResizedCrop {
  static constexpr int32_t kShapes = 64;

  float smallest_area, largest_area;  // shares of the picture's
  // Square roots of width to height, evenly spread over the logarithms from the narrowest to its
  // inverse. A table, since no two exp() round alike.
  float root[kShapes];

  using Drawn = CropRectangle;

  static RandomResizedCrop Of(float smallest_area, float largest_area, float narrowest);

  // Ten tries to find one that fits, then the largest of an allowed shape in the middle. `extent`
  // may also be that of a larger picture that the augmented one is a part of.
  [[nodiscard]] SEVE_HOST_DEVICE Drawn Draw(const PictureDraws& sample,
                                            const PictureExtent& extent) const {
    constexpr int kTries = 10;
    Draws draws = sample.Now();
    const auto pixels = static_cast<float>(extent.pixels());
    for (int i = 0; i < kTries; ++i) {
      const float side = std::sqrt(pixels * UniformAlike(draws, smallest_area, largest_area));
      const float shape = root[draws.Below(kShapes)];
      const uint32_t down = draws.Word(), right = draws.Word();
      const auto width = static_cast<int32_t>(std::fma(side, shape, 0.5f));
      const auto height = static_cast<int32_t>(side / shape + 0.5f);
      if (width < 1 || height < 1 || width > extent.width || height > extent.height) continue;
      return {Share(down, extent.height - height + 1), Share(right, extent.width - width + 1),
              height, width};
    }
    return Middle(extent);
  }

  // Of place `at` among `size` that [begin, begin + length) is scaled to, in whole numbers.
  SEVE_HOST_DEVICE static CropTap TapOf(int32_t at, int32_t size, int32_t begin, int32_t length) {
    const int32_t step = static_cast<int32_t>((int64_t{length} << 16) / size);
    const int32_t place = at * step + step / 2 - (1 << 15);  // of pixels' middles, times 2^16
    const int32_t last = length - 1;
    if (place < 0) return {begin, begin, 0};
    const int32_t low = place >> 16;
    if (low >= last) return {begin + last, begin + last, 0};
    return {begin + low, begin + low + 1, (place >> 8) & 255};
  }

  // One byte from its four neighbours, `above` and `below` starting the two rows' pixels.
  SEVE_HOST_DEVICE static uint8_t Blend(int32_t low_above, int32_t high_above, int32_t low_below,
                                        int32_t high_below, int32_t right, int32_t down) {
    const int32_t above = low_above * (256 - right) + high_above * right;
    const int32_t below = low_below * (256 - right) + high_below * right;
    return static_cast<uint8_t>((above * (256 - down) + below * down + (1 << 15)) >> 16);
  }

  SEVE_HOST_DEVICE void WritePixel(const Drawn& drawn, const uint8_t* from,
                                   const PictureExtent& extent, int32_t y, int32_t x,
                                   uint8_t* to) const {
    const CropTap row = TapOf(y, extent.height, drawn.top, drawn.height);
    const CropTap column = TapOf(x, extent.width, drawn.left, drawn.width);
    const uint8_t* const above_low = from + extent.Place(row.low, column.low);
    const uint8_t* const above_high = from + extent.Place(row.low, column.high);
    const uint8_t* const below_low = from + extent.Place(row.high, column.low);
    const uint8_t* const below_high = from + extent.Place(row.high, column.high);
    for (int32_t i = 0; i < extent.channels; ++i) {
      to[i] = Blend(above_low[i], above_high[i], below_low[i], below_high[i], column.high_share,
                    row.high_share);
    }
  }

  void Write(const Drawn& drawn, const uint8_t* from, const PictureExtent& extent,
             uint8_t* to) const;

 private:
  // Of `count`, by a word.
  SEVE_HOST_DEVICE static int32_t Share(uint32_t word, int32_t count) {
    return static_cast<int32_t>((uint64_t{word} * static_cast<uint32_t>(count)) >> 32);
  }
  [[nodiscard]] SEVE_HOST_DEVICE Drawn Middle(const PictureExtent& extent) const {
    const float narrow = root[0] * root[0], wide = root[kShapes - 1] * root[kShapes - 1];
    const auto height_most = static_cast<int32_t>(static_cast<float>(extent.width) / narrow);
    const auto width_most = static_cast<int32_t>(static_cast<float>(extent.height) * wide);
    const int32_t height = extent.height < height_most ? extent.height : height_most;
    const int32_t width = extent.width < width_most ? extent.width : width_most;
    return {(extent.height - height) / 2, (extent.width - width) / 2, height < 1 ? 1 : height,
            width < 1 ? 1 : width};
  }
};

}  // namespace seve
