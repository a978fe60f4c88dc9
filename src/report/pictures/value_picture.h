// Values as pixels: weights with their sign, samples of the data as they look.
#pragma once

#include <span>

#include "report/draw/canvas.h"
#include "tensor/shape.h"

namespace seve {

// (C, H, W) of one or three channels.
bool IsPicture(const Shape& shape);

// (H, W): white at 0, red at `limit` and above, blue at -limit and below.
Image SignedPicture(std::span<const float> values, int64_t height, int64_t width, double limit);

// (C, H, W) in row-major order: `low` black, `high` white.
Image PixelPicture(std::span<const float> values, const Shape& shape, double low, double high);
// From the lowest value to the highest.
Image StretchedPicture(std::span<const float> values, const Shape& shape);

}  // namespace seve
