// Convolutions of the table.
#pragma once

#include "layers/layer_testing.h"

namespace seve::testing {

std::vector<LayerCase> ConvolutionCases();

}  // namespace seve::testing
