// A picture decoded into bytes.
#pragma once

#include <cstdint>
#include <vector>

namespace seve {

struct Bitmap {
  int64_t height = 0, width = 0;
  int64_t channels = 0;         // 1: grey, 3: red, green, blue
  std::vector<uint8_t> pixels;  // (height, width, channels)
};

// Grey: 0.299 red + 0.587 green + 0.114 blue, rounded (ITU-R BT.601).
Bitmap WithChannels(Bitmap bitmap, int64_t channels);

}  // namespace seve
