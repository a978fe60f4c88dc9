// Draws small grey pictures in the terminal, several side by side with a caption below each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/terminal.h"

namespace seve {

struct Picture {
  int64_t height = 0, width = 0;
  std::span<const uint8_t> pixels;  // (height, width), 0 is the background
  std::string caption;
};

enum class PictureStyle {
  kGrey,    // half blocks in 24 greys
  kShades,  // UTF-8 shades, two rows of pixels a line
  kAscii,   // the same with ASCII characters
};

PictureStyle StyleFor(const Terminal& terminal);

// Lines with their ends. Margins that are background in all pictures are left out. As many pictures
// stand side by side as fit `columns`.
std::string DrawPictures(const std::vector<Picture>& pictures, PictureStyle style, int columns);

}  // namespace seve
