// Figures of parameters and their gradients: how many are not zero, how large they are, how they
// are distributed.
#pragma once

#include <span>
#include <vector>

#include "model/arenas.h"
#include "model/executor.h"
#include "train/events.h"

namespace seve {

// Of value * scale. Values that are not finite count as not zero and enter nothing else.
TensorStatistics StatisticsOf(std::span<const float> values, double scale, int bins);

// Of every parameter in the order of the layout; gradients are those of the executor's latest step
// times `gradient_scale` (1 / weight: of the mean loss).
std::vector<ParameterStatistics> StatisticsOf(const Graph& graph, const ParameterLayout& layout,
                                              const ParameterArena& parameters, Executor& executor,
                                              double gradient_scale, int bins);

}  // namespace seve
