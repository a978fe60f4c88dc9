// Files of pictures and archives for tests, made by libjpeg, libpng and hand.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "data/pictures/bitmap.h"
#include "data/scratch_testing.h"

namespace seve {

// A smooth picture that differs with `seed`.
Bitmap SmoothBitmap(int64_t height, int64_t width, int64_t channels, int seed = 0);

// Of 1, 3 or, inks as Adobe's programs invert them, 4 channels.
Bytes JpegBytes(const Bitmap& bitmap, int quality = 100);

// `type` and `depth`: PNG's. rows: as libpng takes them.
Bytes PngBytes(int64_t height, int64_t width, int type, int depth, const Bytes& rows);
// Grey or colour.
Bytes PngBytes(const Bitmap& bitmap);

// A file of a ustar archive, its contents filled up to whole blocks.
Bytes TarMemberBytes(const std::string& name, const Bytes& contents, char type = '0');
using NamedFiles = std::vector<std::pair<std::string, Bytes>>;
Bytes TarBytes(const NamedFiles& files);

// Below a folder, which is made with those that the names contain.
void PutFiles(const std::string& folder, const NamedFiles& files);

// Six training and four test pictures of 4x6 in classes cat and dog, JPEG and PNG.
NamedFiles SmallPictureFolder();

}  // namespace seve
