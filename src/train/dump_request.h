// One tensor that --dump asks for, found in the model.
#pragma once

#include <cstdint>
#include <string>

#include "model/graph.h"
#include "model/parameter_layout.h"

namespace seve {

// "hidden@12": what the layer gave in step 12; "hidden.gradient@12": the gradient of the mean loss
// in that; "hidden.weight@12": a parameter after 12 steps (0: as it started);
// "hidden.weight.gradient@12": its gradient in step 12. A field of the data goes by its name.
struct DumpRequest {
  std::string tensor;  // "hidden.gradient"
  int64_t step = 0;
  bool gradient = false;
  int value = -1;                        // in Graph::values; -1: a parameter
  const Parameter* parameter = nullptr;  // in the layout

  // Of the step whose pass computes it, counted from 1; parameters: after that step.
  [[nodiscard]] bool IsParameterValue() const { return parameter != nullptr && !gradient; }
};

// Throws Error(kUsage) naming what there is instead.
DumpRequest ParseDumpRequest(const std::string& text, const Graph& graph,
                             const ParameterLayout& layout, int64_t total_steps);

}  // namespace seve
