// From `image_folder` of a configuration to data sets.
#pragma once

#include <string>

#include "config/data.pb.h"
#include "data/data_sets.h"
#include "data/image_folder/image_folder.h"

namespace seve {

// `data` holds an image_folder. Its pictures are decoded into memory at once where that takes up to
// 2 GiB and no augmentation needs them at their own size, otherwise whenever they are asked for.
// The path is looked up as FindFileOrFolder does. Throws as OpenImageFolder does, with the remedy.
DataSets OpenConfiguredFolder(const config::Data& data, const std::string& root);

// The shape and the classes, at little cost.
ImageFolderShape PeekConfiguredFolder(const config::Data& data, const std::string& root);

// How the configuration has pictures brought to the model's size. `picture`: that of the model.
PictureSizing SizingOf(const config::ImageFolder& folder, const Shape& picture);

}  // namespace seve
