// Shows a layer under its name in a profiler's timeline (NVTX).
#pragma once

#include <memory>
#include <string>

#include "layers/layer.h"

namespace seve {

// "hidden forward", "hidden backward".
std::unique_ptr<BoundLayer> Traced(std::unique_ptr<BoundLayer> layer, const std::string& name);

}  // namespace seve
