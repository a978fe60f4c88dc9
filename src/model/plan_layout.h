// The memory of a compiled step: which activations, gradients and workspaces exist, when each is
// alive, and where it lies. Pure: nothing is allocated.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/graph.h"
#include "model/parameter_layout.h"

namespace seve {

enum class PlanMode { kTraining, kEvaluation };

struct PlanLayout {
  int64_t rows = 0;
  PlanMode mode = PlanMode::kTraining;
  DType activation = DType::kFloat32;  // of every value that is float32 in the graph
  // Offsets in bytes; by value (its root's for views), by value, by node.
  std::vector<std::optional<size_t>> values, gradients, workspaces;
  size_t bytes = 0;
  // By node: does anything before it or in it learn, so that backward must run through it?
  std::vector<bool> backward;
  // By node: does the next one work on its output as it comes (Follower)? The gradient in that
  // output then has no memory, and what the next one's backward pass reads is there for this one's.
  std::vector<bool> followed;
};

enum class PlanPasses {
  kWhole,     // each layer is through before the next begins
  kFollowing  // layers that can follow others do: plans of the CPU alone
};

PlanLayout LayOutPlan(const Graph& graph, const ParameterLayout& parameters, int64_t rows,
                      PlanMode mode, DType activation = DType::kFloat32,
                      PlanPasses passes = PlanPasses::kWhole);

// The type that a value of the graph has in a plan.
DType TypeIn(const PlanLayout& layout, const Value& value);

}  // namespace seve
