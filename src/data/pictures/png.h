// PNG pictures, by libpng.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "data/pictures/bitmap.h"
#include "data/pictures/picture_source.h"

namespace seve {

bool IsPng(std::span<const std::byte> file);

// Both throw Error(kData) with `name` and what libpng says of the file.
//
// From its header alone.
PictureSize PngSize(std::span<const std::byte> file, const std::string& name);
// Grey or colour as stored: palettes become colour, 16 bits 8, transparency lies on white. Colour
// profiles and gamma are not applied. A file that ends early is an error.
Bitmap DecodePng(std::span<const std::byte> file, const std::string& name);

}  // namespace seve
