#include "model/cuda/cuda_plan.h"

#include <algorithm>

#include "model/cuda/traced_layer.h"
#include "model/plan_binding.h"

namespace seve {

CudaPlan::CudaPlan(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
                   const DeviceReplica& replica, size_t arena, std::byte* memory, LossSums* sums,
                   const CudaScope& scope, Captures* captures)
    : rows_(layout.rows), captures_(captures) {
  PlanBinder binder(
      graph, parameters, layout,
      {.blocks = memory,
       .value = [&](const Parameter& parameter) { return replica.ValueAt(parameter); },
       .gradient =
           [&](const Parameter& parameter) { return replica.GradientAt(parameter, arena); }});
  for (size_t i = 0; i < graph.fields; ++i) {
    const int field = static_cast<int>(i);
    inputs_.push_back(binder.ValueTensor(field));
    if (captures == nullptr || !inputs_.back().present()) continue;
    for (const size_t index : captures->In(field, false)) {
      captured_fields_.emplace_back(index, inputs_.back());
    }
  }
  for (const auto& loss : graph.losses) {
    losses_.push_back(loss.loss->BindCuda(binder.BindLoss(loss), scope, sums + losses_.size()));
  }
  scores_ = binder.ValueTensor(graph.losses.front().scores);
  target_ = binder.ValueTensor(graph.losses.front().target);

  for (size_t i = graph.nodes.size(); i-- > 0;) {
    const int index = static_cast<int>(i);
    const Node& node = graph.nodes[i];
    if (node.layer->IsView()) continue;
    const LayerBinding binding = binder.BindLayer(index);
    layers_.push_back(Traced(node.layer->BindCuda(binding, scope), node.name));
    if (captures != nullptr) {
      layers_.back() = Capturing(std::move(layers_.back()), binding, node.output, *captures);
    }
    forward_.push_back(layers_.back().get());
    if (layout.mode == PlanMode::kTraining && layout.backward[i]) {
      backward_.push_back({index, layers_.back().get()});
    }
    outputs_.emplace_back(node.name, binder.ValueTensor(node.output));
  }
  std::ranges::reverse(forward_);
  std::ranges::reverse(outputs_);
}

void CudaPlan::Forward() {
  for (const auto& [index, field] : captured_fields_) captures_->Take(index, field);
  for (BoundLayer* layer : forward_) layer->Forward({});
  for (const auto& loss : losses_) loss->Run();
}

}  // namespace seve
