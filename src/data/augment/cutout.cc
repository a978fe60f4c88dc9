#include "data/augment/cutout.h"

#include <cstring>

namespace seve {

void Cutout::Write(const Drawn& drawn, const uint8_t* from, const PictureExtent& extent,
                   uint8_t* to) const {
  std::memcpy(to, from, extent.bytes());
  for (int32_t y = drawn.top; y < drawn.bottom; ++y) {
    for (int32_t x = drawn.left; x < drawn.right; ++x) {
      CopyPixel(fill, extent, to + extent.Place(y, x));
    }
  }
}

}  // namespace seve
