// From the configuration's messages to layers and losses: the one list of what exists.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/layers.pb.h"
#include "config/loss.pb.h"
#include "layers/layer.h"
#include "layers/loss.h"

namespace seve {

// `layer` is as ParseConfiguration lets pass; `inputs`: shapes of one sample each. Throws
// Error(kUsage) naming the layer when it cannot take those shapes.
std::unique_ptr<Layer> MakeLayer(const config::Layer& layer, const std::string& name,
                                 const std::vector<Shape>& inputs);

// `scores`: shape of one sample of the scored layer's output; `target_dtype`, `target_shape`: of
// the data field; `classes`: 0 when the target is no class. Head units are checked against the
// classes. Throws Error(kUsage) naming the layer and the shapes that do not fit.
std::unique_ptr<Loss> MakeLoss(const config::Loss& loss, const std::string& scored_layer,
                               const Shape& scores, DType target_dtype, const Shape& target_shape,
                               int64_t classes);

}  // namespace seve
