#include "model/cuda/cuda_plan.h"

#include "model/cuda/traced_layer.h"

namespace seve {

CudaPlan::CudaPlan(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
                   const DeviceReplica& replica, size_t arena, std::byte* memory, LossSums* sums,
                   const CudaScope& scope, Captures* captures, StatisticsReducer* statistics)
    : rows_(layout.rows) {
  PlanBinder binder(
      graph, parameters, layout,
      {.blocks = memory,
       .value = [&](const Parameter& parameter) { return replica.ValueAt(parameter); },
       .gradient = [&](const Parameter& parameter) { return replica.GradientAt(parameter, arena); },
       .statistics = statistics});
  for (const auto& loss : graph.losses) {
    losses_.push_back(loss.loss->BindCuda(binder.BindLoss(loss), scope, sums + losses_.size()));
  }
  const auto bind = [&](const Node& node, const LayerBinding& binding) {
    return Traced(node.layer->BindCuda(binding, scope), node.name);
  };
  layers_.emplace(graph, layout, binder, bind, captures);
}

void CudaPlan::Forward(bool accumulate) {
  layers_->Forward({.accumulate = accumulate});
  for (const auto& loss : losses_) loss->Run();
}

}  // namespace seve
