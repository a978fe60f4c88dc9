// The compiled step of a GPU for a fixed number of samples: layers and losses bound to its memory.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "layers/cuda/cuda_scope.h"
#include "model/cuda/device_replica.h"
#include "model/plan_layers.h"

namespace seve {

class CudaPlan {
 public:
  // Gradients go to arena `arena` of the replica. `memory`: layout.bytes bytes of the GPU; `sums`:
  // one for each loss, there too; `statistics` is null where micro-batches have their own. What is
  // referred to must outlive the plan.
  CudaPlan(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
           const DeviceReplica& replica, size_t arena, std::byte* memory, LossSums* sums,
           const CudaScope& scope, Captures* captures = nullptr,
           StatisticsReducer* statistics = nullptr);

  [[nodiscard]] int64_t rows() const { return rows_; }
  // As PlanLayers', in the GPU's memory and the plan's types.
  [[nodiscard]] const Batch& inputs() const { return layers_->inputs(); }
  [[nodiscard]] const Tensor& scores() const { return layers_->scores(); }
  [[nodiscard]] const Tensor& target() const { return layers_->target(); }
  [[nodiscard]] const std::vector<PlanLayers::NamedOutput>& outputs() const {
    return layers_->outputs();
  }

  // Enqueues layers and losses, whose sums come to lie in `sums`. `accumulate`: what forward
  // gathers, statistics, as in Backward.
  void Forward(bool accumulate = false);
  // Enqueues the rest; calls `done(node)` when everything that writes a node's parameter gradients
  // is enqueued.
  template <typename Done>
  void Backward(bool accumulate, Done done) {
    layers_->Backward({.accumulate = accumulate}, done);
  }

 private:
  int64_t rows_;
  const CudaDevice& device_;
  std::vector<std::unique_ptr<BoundCudaLoss>> losses_;
  std::optional<PlanLayers> layers_;  // bound after the losses
};

}  // namespace seve
