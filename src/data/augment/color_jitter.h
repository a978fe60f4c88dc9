// Brightness, contrast and saturation times random factors, in this order.
#pragma once

#include "data/augment/picture_draws.h"
#include "data/augment/picture_extent.h"

namespace seve {

// All in whole numbers, rounded to bytes after each of the three, as picture libraries do: the same
// on host and device.
struct ColorJitter {
  static constexpr int32_t kOne = 1 << 16;

  // Factors lie between kOne - x and kOne + x; x from 0 to kOne. Pictures of one or three channels.
  int32_t brightness, contrast, saturation;

  // In units of 1 / kOne.
  struct Drawn {
    int32_t brightness, contrast, saturation;
    int32_t mean;  // grey of the picture after the change of brightness, which contrast keeps
  };

  // Without the mean.
  [[nodiscard]] SEVE_HOST_DEVICE Drawn Draw(const PictureDraws& sample,
                                            const PictureExtent& /*extent*/) const {
    Draws draws = sample.Now();
    const int32_t first = Factor(draws, brightness);
    const int32_t second = Factor(draws, contrast);
    return {first, second, Factor(draws, saturation), 0};
  }
  // Whether the mean matters.
  [[nodiscard]] SEVE_HOST_DEVICE bool NeedsMean() const { return contrast != 0; }
  // One addend of the mean.
  SEVE_HOST_DEVICE static int32_t BrightenedGrey(const Drawn& drawn, const uint8_t* pixel,
                                                 const PictureExtent& extent) {
    int32_t values[3] = {};
    Brighten(drawn, pixel, extent, values);
    return Grey(values, extent);
  }
  SEVE_HOST_DEVICE static int32_t MeanOf(int64_t sum, const PictureExtent& extent) {
    return static_cast<int32_t>((sum + extent.pixels() / 2) / extent.pixels());
  }

  SEVE_HOST_DEVICE void WritePixel(const Drawn& drawn, const uint8_t* from,
                                   const PictureExtent& extent, int32_t y, int32_t x,
                                   uint8_t* to) const {
    int32_t values[3] = {};
    Brighten(drawn, from + extent.Place(y, x), extent, values);
    for (int32_t i = 0; i < extent.channels; ++i) {
      values[i] = Away(values[i], drawn.mean, drawn.contrast);
    }
    const int32_t grey = Grey(values, extent);
    for (int32_t i = 0; i < extent.channels; ++i) {
      to[i] = static_cast<uint8_t>(Away(values[i], grey, drawn.saturation));
    }
  }

  // Finds the mean itself.
  void Write(const Drawn& drawn, const uint8_t* from, const PictureExtent& extent,
             uint8_t* to) const;

 private:
  template <size_t kChannels>
  void WriteChannels(Drawn drawn, const uint8_t* from, size_t bytes, uint8_t* to) const;
  SEVE_HOST_DEVICE static int32_t Factor(Draws& draws, int32_t most) {
    return kOne - most + static_cast<int32_t>(draws.Below(static_cast<uint32_t>(2 * most + 1)));
  }
  SEVE_HOST_DEVICE static int32_t Clamped(int32_t value) {
    return value < 0 ? 0 : (value > 255 ? 255 : value);
  }
  // `factor` times as far from `middle`.
  SEVE_HOST_DEVICE static int32_t Away(int32_t value, int32_t middle, int32_t factor) {
    return Clamped(middle + (((value - middle) * factor + kOne / 2) >> 16));
  }
  SEVE_HOST_DEVICE static void Brighten(const Drawn& drawn, const uint8_t* pixel,
                                        const PictureExtent& extent, int32_t* values) {
    for (int32_t i = 0; i < extent.channels; ++i) {
      values[i] = Away(pixel[i], 0, drawn.brightness);
    }
  }
  // Luma of ITU-R BT.601.
  SEVE_HOST_DEVICE static int32_t Grey(const int32_t* values, const PictureExtent& extent) {
    if (extent.channels == 1) return values[0];
    return (19595 * values[0] + 38470 * values[1] + 7471 * values[2] + kOne / 2) >> 16;
  }
};

}  // namespace seve
