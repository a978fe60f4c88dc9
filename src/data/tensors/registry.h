// From `tensors { … }` of a configuration to data sets.
#pragma once

#include <string>

#include "config/data.pb.h"
#include "data/data_sets.h"

namespace seve {

// `data` holds tensors. Files are looked up as FindFile does. Throws as OpenTensors and FindFile,
// with the name of the field at fault.
DataSets OpenConfiguredTensors(const config::Data& data, const std::string& root);

}  // namespace seve
