// The compiled step of a GPU for a fixed number of samples: layers and losses bound to its memory.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "layers/cuda/cuda_scope.h"
#include "model/captures.h"
#include "model/cuda/device_replica.h"
#include "model/plan_layout.h"

namespace seve {

class CudaPlan {
 public:
  // Gradients go to arena `arena` of the replica. `memory`: layout.bytes bytes of the GPU; `sums`:
  // one for each loss, there too. What is referred to must outlive the plan.
  CudaPlan(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
           const DeviceReplica& replica, size_t arena, std::byte* memory, LossSums* sums,
           const CudaScope& scope, Captures* captures = nullptr);

  [[nodiscard]] int64_t rows() const { return rows_; }
  // As Plan's, in the GPU's memory and the plan's types.
  [[nodiscard]] const Batch& inputs() const { return inputs_; }
  [[nodiscard]] const Tensor& scores() const { return scores_; }
  [[nodiscard]] const Tensor& target() const { return target_; }

  // Enqueues layers and losses, whose sums come to lie in `sums`.
  void Forward();
  // Enqueues the rest; calls `done(node)` when everything that writes a node's parameter gradients
  // is enqueued.
  template <typename Done>
  void Backward(bool accumulate, Done done) {
    const StepContext context{.accumulate = accumulate};
    for (auto& [node, layer] : backward_) {
      layer->Backward(context);
      done(node);
    }
  }

  // Outputs of the layers, in the order they run.
  using NamedOutput = std::pair<std::string, Tensor>;
  [[nodiscard]] const std::vector<NamedOutput>& outputs() const { return outputs_; }

 private:
  struct Step {
    int node;
    BoundLayer* layer;
  };
  int64_t rows_;
  Batch inputs_;
  Tensor scores_, target_;
  std::vector<std::unique_ptr<BoundLayer>> layers_;
  std::vector<std::unique_ptr<BoundCudaLoss>> losses_;
  std::vector<BoundLayer*> forward_;
  std::vector<Step> backward_;
  std::vector<NamedOutput> outputs_;
  Captures* captures_;
  std::vector<std::pair<size_t, Tensor>> captured_fields_;
};

}  // namespace seve
