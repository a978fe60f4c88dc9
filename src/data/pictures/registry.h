// From `mnist`, `idx` and `digits` of a configuration to data sets.
#pragma once

#include <memory>
#include <string>

#include "config/data.pb.h"
#include "data/data_sets.h"
#include "data/samples.h"

namespace seve {

// `data` holds one of the three. Folders are looked up as OpenData says. Throws Error(kData) for
// files that are missing or wrong, with the remedy.
DataSets OpenPictures(const config::Data& data, const std::string& root);

// Pictures from elsewhere, prepared (normalised, permuted) as those of the configuration.
std::unique_ptr<Dataset> PreparePictures(const config::Data& data, ImageSamples samples,
                                         const std::string& origin);

}  // namespace seve
