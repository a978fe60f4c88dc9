// The parts of the registry, one a family of layers.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "config/layers.pb.h"
#include "layers/activation_functions.h"
#include "layers/convolution_geometry.h"
#include "layers/layer.h"

namespace seve {

Initializer MakeInitializer(const config::Initializer& chosen);

// The activation of that name with its layer's defaults.
Activation DefaultsOf(config::Activation activation);

// One number for both, or height and width, or none.
Extent ExtentOf(const google::protobuf::RepeatedField<int32_t>& numbers, const Extent& when_unset);

// Throws Error(kUsage) with the remedy where samples of this shape are no pictures.
void RequirePictures(std::string_view kind, const std::string& name, const Shape& input);

// As MakeLayer.
std::unique_ptr<Layer> MakeConv2d(const config::Conv2d& convolution, const std::string& name,
                                  const Shape& input);
std::unique_ptr<Layer> MakeConvTranspose2d(const config::ConvTranspose2d& convolution,
                                           const std::string& name, const Shape& input);
// For max_pool, average_pool, global_pool, pad and upsample.
std::unique_ptr<Layer> MakePooling(const config::Layer& layer, const std::string& name,
                                   const Shape& input);
std::unique_ptr<Layer> MakeBatchNorm(const config::BatchNorm& norm, const std::string& name,
                                     const Shape& input);
std::unique_ptr<Layer> MakeLayerNorm(const config::LayerNorm& norm, const std::string& name,
                                     const Shape& input);
std::unique_ptr<Layer> MakeGroupNorm(const config::GroupNorm& norm, const std::string& name,
                                     const Shape& input);

}  // namespace seve
