// The table of layers that every half is judged by.
#pragma once

#include "layers/layer_testing.h"

namespace seve::testing {

// Every layer that computes something, but for dropout. Layers without parameters give the same
// bits on CPUs and GPUs.
const std::vector<LayerCase>& LayerCases();

}  // namespace seve::testing
