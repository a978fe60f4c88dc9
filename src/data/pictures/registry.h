// From `mnist`, `idx` and `digits` of a configuration to data sets.
#pragma once

#include <string>

#include "config/data.pb.h"
#include "data/data_sets.h"

namespace seve {

// `data` holds one of the three. Folders are looked up as OpenData says. Throws Error(kData) for
// files that are missing or wrong, with the remedy.
DataSets OpenPictures(const config::Data& data, const std::string& root);

}  // namespace seve
