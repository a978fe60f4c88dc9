// From the bytes of a picture's file to a picture, JPEG or PNG as its contents say, whatever its
// name.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "data/pictures/bitmap.h"
#include "data/pictures/picture_source.h"

namespace seve {

// Both throw Error(kData) with `name` for a file that is empty, neither JPEG nor PNG, or damaged.
PictureSize SizeOfPicture(std::span<const std::byte> file, const std::string& name);
// channels: 1 or 3; pictures of the other kind are converted. 0: as stored.
Bitmap DecodePicture(std::span<const std::byte> file, const std::string& name, int64_t channels);

// Whether a file's name says that it is a picture of these kinds: .jpg, .jpeg or .png.
bool NamesPicture(std::string_view name);

}  // namespace seve
