#include "model/plan.h"

#include <algorithm>
#include <cmath>

#include "model/plan_binding.h"

namespace seve {

Plan::Plan(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
           const ParameterArena& values, const GradientArena* gradients, std::byte* memory,
           Captures* captures)
    : rows_(layout.rows), captures_(captures) {
  Check(layout.mode == PlanMode::kEvaluation || gradients != nullptr,
        "a training plan needs gradients");
  PlanBinder binder(
      graph, parameters, layout,
      {.blocks = memory,
       .value = [&](const Parameter& parameter) { return values.At(parameter); },
       .gradient = [&](const Parameter& parameter) { return gradients->At(parameter); }});
  for (size_t i = 0; i < graph.fields; ++i) {
    const int field = static_cast<int>(i);
    inputs_.push_back(binder.ValueTensor(field));
    if (captures == nullptr || !inputs_.back().present()) continue;
    for (const size_t index : captures->In(field, false)) {
      captured_fields_.emplace_back(index, inputs_.back());
    }
  }
  for (const auto& loss : graph.losses) {
    losses_.push_back(loss.loss->BindCpu(binder.BindLoss(loss)));
  }
  scores_ = binder.ValueTensor(graph.losses.front().scores);
  target_ = binder.ValueTensor(graph.losses.front().target);

  for (size_t i = graph.nodes.size(); i-- > 0;) {
    const int index = static_cast<int>(i);
    const Node& node = graph.nodes[i];
    if (node.layer->IsView()) continue;
    const LayerBinding binding = binder.BindLayer(index);
    layers_.push_back(node.layer->BindCpu(binding));
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

LossSums Plan::Forward(const StepContext& context) {
  for (const auto& [index, field] : captured_fields_) captures_->Take(index, field);
  for (BoundLayer* layer : forward_) layer->Forward(context);
  LossSums sums = losses_.front()->Run(context);
  for (size_t i = 1; i < losses_.size(); ++i) sums.loss += losses_[i]->Run(context).loss;
  return sums;
}

std::string Plan::FirstNonFiniteLayer() const {
  const auto finite = [](float value) { return std::isfinite(value); };
  for (const auto& [name, output] : outputs_) {
    if (!std::ranges::all_of(output.Flat<float>(), finite)) return name;
  }
  return "";
}

}  // namespace seve
