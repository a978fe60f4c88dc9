// From `normalize` and `augment` of a configuration to what prepares pictures.
#pragma once

#include <memory>
#include <string>

#include "config/data.pb.h"
#include "data/augment/augmenter.h"
#include "data/pixel_scale.h"
#include "tensor/shape.h"

namespace seve {

// Of bytes that stand for pictures of this shape, (C, H, W), or for samples of another rank, which
// have no channels. Throws Error(kUsage) where there are neither one number nor one a channel.
PixelScale MakePixelScale(const config::Data& data, const Shape& picture);

// nullptr where the configuration asks for none. `scale`: what normalises the pictures, (C, H, W),
// afterwards. Throws Error(kUsage) for what these pictures rule out.
std::unique_ptr<const Augmenter> MakeAugmenter(const config::Data& data, const Shape& picture,
                                               const PixelScale& scale);

// "pad 4 and crop, flip half, cutout 8x8"; empty where there is none.
std::string DescribeAugmentation(const config::Data& data);

}  // namespace seve
