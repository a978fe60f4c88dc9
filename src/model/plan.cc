#include "model/plan.h"

#include <algorithm>
#include <cmath>

namespace seve {

Plan::Plan(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
           const ParameterArena& values, const GradientArena* gradients, std::byte* memory,
           Captures* captures, StatisticsReducer* statistics)
    : rows_(layout.rows) {
  Check(layout.mode == PlanMode::kEvaluation || gradients != nullptr,
        "a training plan needs gradients");
  PlanBinder binder(
      graph, parameters, layout,
      {.blocks = memory,
       .value = [&](const Parameter& parameter) { return values.At(parameter); },
       .gradient = [&](const Parameter& parameter) { return gradients->At(parameter); },
       .statistics = statistics});
  for (const auto& loss : graph.losses) {
    losses_.push_back(loss.loss->BindCpu(binder.BindLoss(loss)));
  }
  const auto bind = [](const Node& node, const LayerBinding& binding) {
    return node.layer->BindCpu(binding);
  };
  layers_.emplace(graph, layout, binder, bind, captures);
}

LossSums Plan::Forward(const StepContext& context) {
  layers_->Forward(context);
  const TraceScope traced(context.trace, Trace::Row::kLayer, "loss", "forward");
  LossSums sums = losses_.front()->Run(context);
  for (size_t i = 1; i < losses_.size(); ++i) sums.loss += losses_[i]->Run(context).loss;
  return sums;
}

std::string Plan::FirstNonFiniteLayer() const {
  const auto finite = [](float value) { return std::isfinite(value); };
  for (const auto& [name, output] : layers_->outputs()) {
    if (!std::ranges::all_of(output.Flat<float>(), finite)) return name;
  }
  return "";
}

}  // namespace seve
