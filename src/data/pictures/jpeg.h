// JPEG pictures, by libjpeg.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "data/pictures/bitmap.h"
#include "data/pictures/picture_source.h"

namespace seve {

bool IsJpeg(std::span<const std::byte> file);

// Both throw Error(kData) with `name` and what libjpeg says of the file.
//
// From its header alone.
PictureSize JpegSize(std::span<const std::byte> file, const std::string& name);
// Grey or colour as stored; CMYK and YCCK become colour. A rotation noted in EXIF is not applied. A
// file that ends early is an error.
Bitmap DecodeJpeg(std::span<const std::byte> file, const std::string& name);

}  // namespace seve
