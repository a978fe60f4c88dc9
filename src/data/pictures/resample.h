// Pictures of another size.
#pragma once

#include <cstdint>
#include <span>

#include "data/pictures/bitmap.h"
#include "data/pictures/picture_source.h"

namespace seve {

// Cuts `from` out of the bitmap, scales it to the size `to`, cuts `window` out of that and writes
// it as (H, W, C) bytes. A triangle filter as wide as a new pixel, and no narrower than an old one,
// first along rows, then along columns: bilinear where pictures grow, free of aliasing where they
// shrink. The bytes are those of Pillow's Image.resize(BILINEAR), which since lately goes along
// columns first where that is less work: a value may then differ by 1.
void Resample(const Bitmap& bitmap, const Crop& from, const PictureSize& to, const Crop& window,
              std::span<uint8_t> pixels);

// The whole bitmap at another size.
Bitmap Resized(const Bitmap& bitmap, const PictureSize& to);

// The size of a picture whose shorter side is scaled to `shorter`.
PictureSize ScaledTo(const PictureSize& size, int64_t shorter);

// The middle of a picture that is at least as large as what is cut out.
Crop Middle(const PictureSize& size, int64_t height, int64_t width);

}  // namespace seve
