// What the filters of a network's first convolution make of a few samples.
#pragma once

#include <optional>
#include <vector>

#include "model/arenas.h"
#include "train/events.h"

namespace seve {

// Of the first convolution that reads the data's pictures, for up to four of the samples, in FP32
// on the CPU; none without such a layer or without samples. `parameters`: as they are on the host.
std::optional<FilterResponses> ResponsesTo(const std::vector<Prediction>& samples,
                                           const Graph& graph, const ParameterLayout& layout,
                                           const ParameterArena& parameters);

}  // namespace seve
