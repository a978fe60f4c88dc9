#include "model/plan_layers.h"

#include <algorithm>

namespace seve {

PlanLayers::PlanLayers(const Graph& graph, const PlanLayout& layout, PlanBinder& binder,
                       const Bind& bind, Captures* captures)
    : scores_(binder.ValueTensor(graph.losses.front().scores)),
      target_(binder.ValueTensor(graph.losses.front().target)),
      captures_(captures) {
  for (size_t i = 0; i < graph.fields; ++i) {
    const int field = static_cast<int>(i);
    inputs_.push_back(binder.ValueTensor(field));
    if (captures == nullptr || !inputs_.back().present()) continue;
    for (const size_t index : captures->In(field, false)) {
      captured_fields_.emplace_back(index, inputs_.back());
    }
  }
  for (size_t i = graph.nodes.size(); i-- > 0;) {
    const int index = static_cast<int>(i);
    const Node& node = graph.nodes[i];
    if (node.layer->IsView()) continue;
    const LayerBinding binding = binder.BindLayer(index);
    layers_.push_back(bind(node, binding));
    if (captures != nullptr) {
      layers_.back() = Capturing(std::move(layers_.back()), binding, node.output, *captures);
    }
    BoundLayer* layer = layers_.back().get();
    if (layout.followed[i]) layer->TakeFollower(forward_.back().layer->Follow());
    forward_.push_back({index, node.name.c_str(), layer});
    if (layout.mode == PlanMode::kTraining && layout.backward[i]) {
      backward_.push_back(forward_.back());
    }
    outputs_.emplace_back(node.name, binder.ValueTensor(node.output));
  }
  std::ranges::reverse(forward_);
  std::ranges::reverse(outputs_);
}

void PlanLayers::Forward(const StepContext& context) {
  for (const auto& [index, field] : captured_fields_) captures_->Take(index, field);
  for (const auto& [node, name, layer] : forward_) {
    const TraceScope traced(context.trace, Trace::Row::kLayer, name, "forward");
    layer->Forward(context);
  }
}

}  // namespace seve
