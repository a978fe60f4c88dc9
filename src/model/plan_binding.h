// Turns the layout of a plan into bindings: which memory each layer and loss reads and writes,
// wherever that memory lies.
#pragma once

#include <functional>
#include <vector>

#include "layers/layer.h"
#include "layers/loss.h"
#include "model/graph.h"
#include "model/plan_layout.h"

namespace seve {

// The memory of a plan. `blocks`: layout.bytes bytes. `gradient`: absent where frozen; never asked
// in evaluation. `statistics`: LayerBinding's.
struct PlanMemory {
  std::byte* blocks = nullptr;
  std::function<Tensor(const Parameter&)> value, gradient;
  StatisticsReducer* statistics = nullptr;
};

class PlanBinder {
 public:
  // All that is referred to must outlive the binder.
  PlanBinder(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
             PlanMemory memory);

  // Absent where the plan has no need of it.
  [[nodiscard]] Tensor ValueTensor(int value) const { return At(layout_.values, value); }

  // Whoever is bound first writes a gradient, the others add to it: bind the losses, then the
  // layers in the order of backward, the last node first.
  [[nodiscard]] LossBinding BindLoss(const LossNode& loss);
  [[nodiscard]] LayerBinding BindLayer(int index);

 private:
  [[nodiscard]] Tensor At(const std::vector<std::optional<size_t>>& offsets, int value) const;
  bool MarkWritten(int value);
  void BindParameters(int index, bool backward, LayerBinding& binding) const;

  const Graph& graph_;
  const ParameterLayout& parameters_;
  const PlanLayout& layout_;
  PlanMemory memory_;
  std::vector<bool> gradient_written_;
};

}  // namespace seve
