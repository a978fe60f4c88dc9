#include "model/plan_binding.h"

#include "base/philox.h"

namespace seve {

PlanBinder::PlanBinder(const Graph& graph, const ParameterLayout& parameters,
                       const PlanLayout& layout, PlanMemory memory)
    : graph_(graph),
      parameters_(parameters),
      layout_(layout),
      memory_(std::move(memory)),
      gradient_written_(graph.values.size(), false) {}

LossBinding PlanBinder::BindLoss(const LossNode& loss) {
  LossBinding binding;
  binding.rows = layout_.rows;
  binding.scores = ValueTensor(loss.scores);
  binding.target = ValueTensor(loss.target);
  binding.scores_gradient = At(layout_.gradients, loss.scores);
  binding.add_gradient = MarkWritten(loss.scores);
  binding.scale = loss.weight;
  return binding;
}

LayerBinding PlanBinder::BindLayer(int index) {
  const auto at = static_cast<size_t>(index);
  const Node& node = graph_.nodes[at];
  LayerBinding binding;
  binding.rows = layout_.rows;
  binding.training = layout_.mode == PlanMode::kTraining;
  binding.name_hash = NameHash(node.name);
  binding.statistics = memory_.statistics;
  binding.output = ValueTensor(node.output);
  const bool backward = binding.training && layout_.backward[at];
  if (backward) binding.output_gradient = At(layout_.gradients, node.output);
  for (const int input : node.inputs) {
    binding.inputs.push_back(ValueTensor(input));
    binding.input_gradients.push_back(backward ? At(layout_.gradients, input) : Tensor());
    binding.add_input_gradient.push_back(backward && MarkWritten(input));
  }
  BindParameters(index, backward, binding);
  const size_t workspace = node.layer->WorkspaceBytes(layout_.rows);
  if (workspace > 0) {
    binding.workspace = Tensor(memory_.blocks + layout_.workspaces[at].value(), DType::kUint8,
                               Shape{static_cast<int64_t>(workspace)});
  }
  return binding;
}

Tensor PlanBinder::At(const std::vector<std::optional<size_t>>& offsets, int value) const {
  const auto& offset = offsets[static_cast<size_t>(graph_.Root(value))];
  if (!offset) return {};
  const Value& of = graph_.values[static_cast<size_t>(value)];
  return {memory_.blocks + *offset, TypeIn(layout_, of), of.shape.WithRows(layout_.rows)};
}

bool PlanBinder::MarkWritten(int value) {
  const auto root = static_cast<size_t>(graph_.Root(value));
  const bool before = gradient_written_[root];
  gradient_written_[root] = true;
  return before;
}

void PlanBinder::BindParameters(int index, bool backward, LayerBinding& binding) const {
  const size_t count = graph_.nodes[static_cast<size_t>(index)].layer->Parameters().size();
  binding.parameters.resize(count);
  binding.parameter_gradients.resize(count);
  for (const auto& parameter : parameters_.parameters) {
    if (parameter.node != index) continue;
    binding.parameters[parameter.index] = memory_.value(parameter);
    // Statistics are gathered in forward.
    if (!(parameter.IsStatistic() ? binding.training : backward)) continue;
    binding.parameter_gradients[parameter.index] = memory_.gradient(parameter);
  }
}

}  // namespace seve
