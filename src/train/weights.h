// Parameters that start from a file: the configuration's `weights`.
#pragma once

#include <string>

#include "config/load.h"
#include "model/arenas.h"

namespace seve {

// Copies the file's tensors to the parameters they belong to and converts them to float32;
// parameters that `skip` names stay as they are. `root` as in OpenData. Throws Error(kData) for a
// file that is missing or damaged, Error(kUsage) naming every tensor that is missing, has another
// shape or has no place.
void LoadWeights(const Configuration& configuration, const std::string& root,
                 const ParameterLayout& layout, const ParameterArena& arena);

}  // namespace seve
