// Layers of the table that know pictures' rows and columns.
#pragma once

#include "layers/layer_testing.h"

namespace seve::testing {

std::vector<LayerCase> PictureCases();

}  // namespace seve::testing
