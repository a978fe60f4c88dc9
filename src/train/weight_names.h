// What other programs call our parameters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.pb.h"

namespace seve {

// The names that files with these names have for `ours`, one each; `ours` as
// "layer1/1/conv1/norm.weight", in the order in which the model runs. Throws Error(kUsage) for a
// parameter that such files have no name for.
//
// TORCHVISION_RESNET: layers must be called conv1, layer1 to layer4 and fc; in a stage every
// residual block is the next of its number ("layer1/x/conv1" of the first one is "layer1.0.conv1"),
// its convolutions conv1, conv2, conv3, and what stands below "shortcut" is "downsample".
std::vector<std::string> ForeignNames(config::WeightNames names,
                                      const std::vector<std::string>& ours);

// Whether a file with these names may hold a tensor of this name besides, which we have no use for.
bool IsIdle(config::WeightNames names, std::string_view theirs);

}  // namespace seve
