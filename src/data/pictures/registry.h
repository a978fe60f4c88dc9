// From sources of pictures that memory holds to data sets: `mnist`, `idx`, `digits`, `cifar10`,
// `cifar100` and `synthetic` of a configuration.
#pragma once

#include <memory>
#include <string>

#include "config/data.pb.h"
#include "data/data_sets.h"
#include "data/image_dataset.h"
#include "data/samples.h"

namespace seve {

// `data` holds one of these. Folders are looked up as OpenData says. Throws Error(kData) for
// files that are missing or wrong, with the remedy.
DataSets OpenPictures(const config::Data& data, const std::string& root);

// How the configuration has pictures (C, H, W) normalised and augmented.
ImageDataset::Options PictureOptions(const config::Data& data, const Shape& picture,
                                     const std::string& origin);

// Pictures from elsewhere, prepared (normalised, augmented, permuted) as those of the
// configuration.
std::unique_ptr<Dataset> PreparePictures(const config::Data& data, ImageSamples samples,
                                         const std::string& origin);

}  // namespace seve
