// The compiled step of the CPU for a fixed number of samples: layers and losses bound to memory,
// replayed in order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/arenas.h"
#include "model/graph.h"
#include "model/plan_layers.h"

namespace seve {

class Plan {
 public:
  // `memory`: layout.bytes bytes, 256-byte aligned. `gradients` is null in evaluation; `captures`
  // where nothing is to be copied; `statistics` where micro-batches have their own. What is
  // referred to must outlive the plan.
  Plan(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
       const ParameterArena& values, const GradientArena* gradients, std::byte* memory,
       Captures* captures = nullptr, StatisticsReducer* statistics = nullptr);

  [[nodiscard]] int64_t rows() const { return rows_; }
  // As PlanLayers'.
  [[nodiscard]] const Batch& inputs() const { return layers_->inputs(); }
  [[nodiscard]] const Tensor& scores() const { return layers_->scores(); }
  [[nodiscard]] const Tensor& target() const { return layers_->target(); }

  // Layers, then losses: the weighted sum of the losses, and weight and correct of the first.
  LossSums Forward(const StepContext& context);

  // After Forward with the same context; calls `done(node)` as soon as a node's parameter gradients
  // are final.
  template <typename Done>
  void Backward(const StepContext& context, Done done) {
    layers_->Backward(context, done);
  }

  // Name of the first layer whose latest output is not finite; empty when all are. Valid after
  // Forward.
  [[nodiscard]] std::string FirstNonFiniteLayer() const;

 private:
  int64_t rows_;
  std::vector<std::unique_ptr<BoundLoss>> losses_;
  std::optional<PlanLayers> layers_;  // bound after the losses
};

}  // namespace seve
