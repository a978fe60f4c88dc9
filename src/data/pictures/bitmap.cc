#include "data/pictures/bitmap.h"

#include <cstddef>

namespace seve {

Bitmap WithChannels(Bitmap bitmap, int64_t channels) {
  if (bitmap.channels == channels) return bitmap;
  Bitmap changed{bitmap.height, bitmap.width, channels, {}};
  const size_t places = static_cast<size_t>(bitmap.height * bitmap.width);
  changed.pixels.resize(places * static_cast<size_t>(channels));
  const uint8_t* from = bitmap.pixels.data();
  uint8_t* to = changed.pixels.data();
  if (channels == 3) {
    for (size_t i = 0; i < places; ++i) to[3 * i] = to[3 * i + 1] = to[3 * i + 2] = from[i];
    return changed;
  }
  // In whole numbers, so that it rounds alike everywhere; the weights add up to 1000.
  for (size_t i = 0; i < places; ++i, from += 3) {
    to[i] = static_cast<uint8_t>((299 * from[0] + 587 * from[1] + 114 * from[2] + 500) / 1000);
  }
  return changed;
}

}  // namespace seve
