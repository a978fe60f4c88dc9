#include "data/augment/random_resized_crop.h"

#include <vector>

namespace seve {
namespace {

// Channels known when this is compiled, so that loops over them unroll; 0: they are not.
template <int32_t kChannels>
void Resize(const CropRectangle& crop, const uint8_t* from, const PictureExtent& extent,
            uint8_t* to) {
  using Crop = RandomResizedCrop;
  const int32_t channels = kChannels > 0 ? kChannels : extent.channels;
  std::vector<CropTap> columns;
  for (int32_t x = 0; x < extent.width; ++x) {
    columns.push_back(Crop::TapOf(x, extent.width, crop.left, crop.width));
  }
  for (int32_t y = 0; y < extent.height; ++y) {
    const CropTap row = Crop::TapOf(y, extent.height, crop.top, crop.height);
    const uint8_t* const above = from + extent.Place(row.low, 0);
    const uint8_t* const below = from + extent.Place(row.high, 0);
    for (const CropTap& column : columns) {
      const int32_t low = column.low * channels, high = column.high * channels;
      for (int32_t i = 0; i < channels; ++i) {
        to[i] = Crop::Blend(above[low + i], above[high + i], below[low + i], below[high + i],
                            column.high_share, row.high_share);
      }
      to += channels;
    }
  }
}

}  // namespace

RandomResizedCrop RandomResizedCrop::Of(float smallest_area, float largest_area, float narrowest) {
  RandomResizedCrop crop = {smallest_area, largest_area, {}};
  const double half = std::log(static_cast<double>(narrowest)) / 2;
  for (int32_t i = 0; i < kShapes; ++i) {
    crop.root[i] = static_cast<float>(std::exp(half * (1 - 2.0 * i / (kShapes - 1))));
  }
  return crop;
}

void RandomResizedCrop::Write(const Drawn& drawn, const uint8_t* from, const PictureExtent& extent,
                              uint8_t* to) const {
  if (extent.channels == 1) return Resize<1>(drawn, from, extent, to);
  if (extent.channels == 3) return Resize<3>(drawn, from, extent, to);
  Resize<0>(drawn, from, extent, to);
}

}  // namespace seve
