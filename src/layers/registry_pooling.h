// The part of the registry for layers that go over the rows and columns of pictures.
#pragma once

#include "layers/registry.h"

namespace seve {

// As MakeLayer, for max_pool, average_pool, global_pool, pad and upsample; null for others.
std::unique_ptr<Layer> MakePooling(const config::Layer& layer, const std::string& name,
                                   const Shape& input);

}  // namespace seve
