// Every operation of augmentation, and slow ways to do them.
#pragma once

#include <type_traits>
#include <vector>

#include "data/augment/operation.h"

namespace seve::testing {

// With numbers that do much to a picture of a few pixels.
inline std::vector<Operation> EveryOperation() {
  using Kind = Operation::Kind;
  constexpr int32_t kOne = ColorJitter::kOne;
  return {
      {.kind = Kind::kRandomResizedCrop,
       .random_resized_crop = RandomResizedCrop::Of(0.2f, 1, 0.5f)},
      {.kind = Kind::kPadAndCrop, .pad_and_crop = {.padding = 3, .reflect = false}},
      {.kind = Kind::kFlip, .flip = {.threshold = uint64_t{1} << 31, .alternating = false}},
      {.kind = Kind::kPadAndCrop, .pad_and_crop = {.padding = 4, .reflect = true}},
      {.kind = Kind::kColorJitter, .color_jitter = {kOne / 2, kOne, kOne}},
      {.kind = Kind::kFlip, .flip = {.threshold = 0, .alternating = true}},
      {.kind = Kind::kColorJitter, .color_jitter = {kOne / 4, 0, kOne / 4}},
      {.kind = Kind::kCutout, .cutout = {.side = 3, .fill = {120, 110, 100}}},
  };
}

inline std::vector<uint8_t> SomePicture(const PictureExtent& extent, uint32_t seed = 5) {
  std::vector<uint8_t> picture(extent.bytes());
  for (size_t i = 0; i < picture.size(); ++i) {
    picture[i] = static_cast<uint8_t>(Philox{{seed, 1}}(static_cast<uint32_t>(i), 0, 0, 0)[0]);
  }
  return picture;
}

// What the operation's pixels need to be told besides what is drawn.
template <typename Kind>
typename Kind::Drawn WithMean(const Kind& /*kind*/, typename Kind::Drawn drawn,
                              const std::vector<uint8_t>& from, const PictureExtent& extent) {
  if constexpr (std::is_same_v<Kind, ColorJitter>) {
    int64_t sum = 0;
    for (int32_t y = 0; y < extent.height; ++y) {
      for (int32_t x = 0; x < extent.width; ++x) {
        sum += ColorJitter::BrightenedGrey(drawn, &from[extent.Place(y, x)], extent);
      }
    }
    drawn.mean = ColorJitter::MeanOf(sum, extent);
  }
  return drawn;
}

template <typename Kind>
std::vector<uint8_t> PixelByPixel(const Kind& kind, const typename Kind::Drawn& drawn,
                                  const std::vector<uint8_t>& from, const PictureExtent& extent) {
  std::vector<uint8_t> to(extent.bytes());
  for (int32_t y = 0; y < extent.height; ++y) {
    for (int32_t x = 0; x < extent.width; ++x) {
      kind.WritePixel(drawn, from.data(), extent, y, x, &to[extent.Place(y, x)]);
    }
  }
  return to;
}

}  // namespace seve::testing
