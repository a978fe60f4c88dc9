// Evaluation on the CPU.
#pragma once

#include "model/pass.h"
#include "model/plan.h"

namespace seve {

// Makes passes with memory of their own. What is referred to must outlive the passes.
PassMaker CpuPasses(const Graph& graph, const ParameterLayout& layout,
                    const ParameterArena& parameters);

}  // namespace seve
