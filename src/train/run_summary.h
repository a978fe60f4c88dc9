// The facts shown when a run starts.
#pragma once

#include "train/batch_geometry.h"
#include "train/context.h"
#include "train/events.h"
#include "train/setup.h"

namespace seve {

// Everything but `run_directory` and `resumed_at_step`.
RunSummary Summarise(const Setup& setup, const BatchGeometry& geometry, const Context& context,
                     int64_t total_steps);

// A row a layer, in the order they run.
std::vector<LayerRow> LayerRows(const Graph& graph, const ParameterLayout& layout);

}  // namespace seve
