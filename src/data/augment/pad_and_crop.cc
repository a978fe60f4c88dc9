#include "data/augment/pad_and_crop.h"

#include <algorithm>
#include <cstring>

namespace seve {

void PadAndCrop::Write(const Drawn& drawn, const uint8_t* from, const PictureExtent& extent,
                       uint8_t* to) const {
  // New columns [begin, end) come from the picture, the others from its border.
  const int32_t begin = std::max(0, -drawn.left);
  const int32_t end = std::min(extent.width, extent.width - drawn.left);
  const auto channels = static_cast<size_t>(extent.channels);
  for (int32_t y = 0; y < extent.height; ++y) {
    uint8_t* const row = to + extent.Place(y, 0);
    int32_t old = y + drawn.top;
    if (reflect) old = Mirrored(old, extent.height);
    if (old < 0 || old >= extent.height) {
      std::memset(row, 0, extent.Place(1, 0));
      continue;
    }
    std::memcpy(row + extent.Place(0, begin), from + extent.Place(old, begin + drawn.left),
                static_cast<size_t>(end - begin) * channels);
    if (!reflect) {
      std::memset(row, 0, extent.Place(0, begin));
      std::memset(row + extent.Place(0, end), 0, extent.Place(0, extent.width - end));
      continue;
    }
    for (int32_t x = 0; x < begin; ++x) {
      WritePixel(drawn, from, extent, y, x, row + extent.Place(0, x));
    }
    for (int32_t x = end; x < extent.width; ++x) {
      WritePixel(drawn, from, extent, y, x, row + extent.Place(0, x));
    }
  }
}

}  // namespace seve
