// The part of the table of layers that normalises.
#pragma once

#include "layers/layer_testing.h"

namespace seve::testing {

std::vector<LayerCase> NormCases();

}  // namespace seve::testing
