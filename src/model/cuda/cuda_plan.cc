#include "model/cuda/cuda_plan.h"

#include "model/cuda/traced_layer.h"
#include "tensor/cuda/device_range.h"

namespace seve {

CudaPlan::CudaPlan(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
                   const DeviceReplica& replica, size_t arena, std::byte* memory, LossSums* sums,
                   const CudaScope& scope, Captures* captures, StatisticsReducer* statistics)
    : rows_(layout.rows), device_(scope.device) {
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
    return Traced(node.layer->BindCuda(binding, scope), node.name.c_str(), scope.device);
  };
  layers_.emplace(graph, layout, binder, bind, captures);
}

void CudaPlan::Forward(bool accumulate) {
  layers_->Forward({.accumulate = accumulate});
  const DeviceRange range(device_, device_.stream(), Trace::Row::kLayer, "loss", "forward");
  for (const auto& loss : losses_) loss->Run();
}

}  // namespace seve
