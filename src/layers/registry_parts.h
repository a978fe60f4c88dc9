// The parts of the registry, one a family of layers.
#pragma once

#include <memory>
#include <string>

#include "config/layers.pb.h"
#include "layers/activation_functions.h"
#include "layers/layer.h"

namespace seve {

Initializer MakeInitializer(const config::Initializer& chosen);

// The activation of that name with its layer's defaults.
Activation DefaultsOf(config::Activation activation);

// As MakeLayer.
std::unique_ptr<Layer> MakeConv2d(const config::Conv2d& convolution, const std::string& name,
                                  const Shape& input);
std::unique_ptr<Layer> MakeConvTranspose2d(const config::ConvTranspose2d& convolution,
                                           const std::string& name, const Shape& input);
std::unique_ptr<Layer> MakeBatchNorm(const config::BatchNorm& norm, const std::string& name,
                                     const Shape& input);
std::unique_ptr<Layer> MakeLayerNorm(const config::LayerNorm& norm, const std::string& name,
                                     const Shape& input);
std::unique_ptr<Layer> MakeGroupNorm(const config::GroupNorm& norm, const std::string& name,
                                     const Shape& input);

}  // namespace seve
