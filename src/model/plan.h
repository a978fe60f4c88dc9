// The compiled step for a fixed number of samples: layers and losses bound to memory, replayed in
// order.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "model/arenas.h"
#include "model/captures.h"
#include "model/graph.h"
#include "model/plan_layout.h"

namespace seve {

class Plan {
 public:
  // `memory`: layout.bytes bytes, 256-byte aligned. `gradients` is null in evaluation; `captures`
  // where nothing is to be copied. What is referred to must outlive the plan.
  Plan(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
       const ParameterArena& values, const GradientArena* gradients, std::byte* memory,
       Captures* captures = nullptr);

  [[nodiscard]] int64_t rows() const { return rows_; }
  // The tensors a batch is gathered into, in the order of the data's fields. A field nobody reads
  // is absent.
  [[nodiscard]] const Batch& inputs() const { return inputs_; }
  // What the first loss scores, (N, outputs), and what it compares that with.
  [[nodiscard]] const Tensor& scores() const { return scores_; }
  [[nodiscard]] const Tensor& target() const { return target_; }

  // Layers, then losses: the weighted sum of the losses, and weight and correct of the first.
  LossSums Forward(const StepContext& context);

  // After Forward with the same context; calls `done(node)` as soon as a node's parameter gradients
  // are final.
  template <typename Done>
  void Backward(const StepContext& context, Done done) {
    for (auto& [node, layer] : backward_) {
      layer->Backward(context);
      done(node);
    }
  }

  // Name of the first layer whose latest output is not finite; empty when all are. Valid after
  // Forward.
  [[nodiscard]] std::string FirstNonFiniteLayer() const;

 private:
  struct Step {
    int node;
    BoundLayer* layer;
  };
  int64_t rows_;
  Batch inputs_;
  Tensor scores_, target_;
  std::vector<std::unique_ptr<BoundLayer>> layers_;
  std::vector<std::unique_ptr<BoundLoss>> losses_;
  std::vector<BoundLayer*> forward_;
  std::vector<Step> backward_;
  std::vector<std::pair<std::string, Tensor>> outputs_;  // by node, for FirstNonFiniteLayer
  Captures* captures_;
  std::vector<std::pair<size_t, Tensor>> captured_fields_;
};

}  // namespace seve
