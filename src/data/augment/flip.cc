#include "data/augment/flip.h"

#include <cstring>

namespace seve {
namespace {

// (width, 3) bytes. With a pixel goes the byte before it, which the next pixel overwrites: moving
// four bytes takes a third of the time of moving three.
void FlipColour(const uint8_t* __restrict__ from, int32_t width, uint8_t* __restrict__ to) {
  uint8_t* at = to + 3 * (width - 1);
  std::memcpy(at, from, 3);
  for (int32_t x = 1; x + 1 < width; ++x) {
    at -= 3;
    std::memcpy(at - 1, from + 3 * x - 1, 4);
  }
  std::memcpy(to, from + 3 * (width - 1), 3);
}

// (width) bytes.
void FlipGrey(const uint8_t* __restrict__ from, int32_t width, uint8_t* __restrict__ to) {
  for (int32_t x = 0; x < width; ++x) to[x] = from[width - 1 - x];
}

}  // namespace

void Flip::Write(const Drawn& drawn, const uint8_t* from, const PictureExtent& extent,
                 uint8_t* to) const {
  if (!drawn.flips) {
    std::memcpy(to, from, extent.bytes());
    return;
  }
  for (int32_t y = 0; y < extent.height; ++y) {
    const uint8_t* const old = from + extent.Place(y, 0);
    uint8_t* const row = to + extent.Place(y, 0);
    if (extent.channels == 3) {
      FlipColour(old, extent.width, row);
    } else if (extent.channels == 1) {
      FlipGrey(old, extent.width, row);
    } else {
      for (int32_t x = 0; x < extent.width; ++x) {
        WritePixel(drawn, from, extent, y, x, row + extent.Place(0, x));
      }
    }
  }
}

}  // namespace seve
