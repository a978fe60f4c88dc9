#include "model/plan.h"

#include <algorithm>
#include <cmath>

#include "base/philox.h"

namespace seve {
namespace {

// Turns a layout into bindings: which tensor each layer reads and writes, and whether it is the
// first to write a gradient (overwrite) or a later one (add).
class Binder {
 public:
  Binder(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
         const ParameterArena& values, const GradientArena* gradients, std::byte* memory)
      : graph_(graph),
        parameters_(parameters),
        layout_(layout),
        values_(values),
        gradients_(gradients),
        memory_(memory),
        gradient_written_(graph.values.size(), false) {}

  [[nodiscard]] Tensor ValueTensor(int value) const { return At(layout_.values, value); }

  [[nodiscard]] LossBinding BindLoss(const LossNode& loss) {
    LossBinding binding;
    binding.rows = layout_.rows;
    binding.scores = ValueTensor(loss.scores);
    binding.target = ValueTensor(loss.target);
    binding.scores_gradient = At(layout_.gradients, loss.scores);
    binding.add_gradient = MarkWritten(loss.scores);
    binding.scale = loss.weight;
    return binding;
  }

  // To be called in the order of backward: last node first.
  [[nodiscard]] LayerBinding BindLayer(int index) {
    const auto at = static_cast<size_t>(index);
    const Node& node = graph_.nodes[at];
    LayerBinding binding;
    binding.rows = layout_.rows;
    binding.training = layout_.mode == PlanMode::kTraining;
    binding.name_hash = NameHash(node.name);
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
      binding.workspace = Tensor(memory_ + layout_.workspaces[at].value(), DType::kUint8,
                                 Shape{static_cast<int64_t>(workspace)});
    }
    return binding;
  }

 private:
  [[nodiscard]] Tensor At(const std::vector<std::optional<size_t>>& offsets, int value) const {
    const auto& offset = offsets[static_cast<size_t>(graph_.Root(value))];
    if (!offset) return {};
    const Value& of = graph_.values[static_cast<size_t>(value)];
    return {memory_ + *offset, of.dtype, of.shape.WithRows(layout_.rows)};
  }

  bool MarkWritten(int value) {
    const auto root = static_cast<size_t>(graph_.Root(value));
    const bool before = gradient_written_[root];
    gradient_written_[root] = true;
    return before;
  }

  void BindParameters(int index, bool backward, LayerBinding& binding) const {
    const size_t count = graph_.nodes[static_cast<size_t>(index)].layer->Parameters().size();
    binding.parameters.resize(count);
    binding.parameter_gradients.resize(count);
    for (const auto& parameter : parameters_.parameters) {
      if (parameter.node != index) continue;
      binding.parameters[parameter.index] = values_.At(parameter);
      if (backward) binding.parameter_gradients[parameter.index] = gradients_->At(parameter);
    }
  }

  const Graph& graph_;
  const ParameterLayout& parameters_;
  const PlanLayout& layout_;
  const ParameterArena& values_;
  const GradientArena* gradients_;
  std::byte* memory_;
  std::vector<bool> gradient_written_;
};

}  // namespace

Plan::Plan(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
           const ParameterArena& values, const GradientArena* gradients, std::byte* memory,
           Captures* captures)
    : rows_(layout.rows), captures_(captures) {
  Check(layout.mode == PlanMode::kEvaluation || gradients != nullptr,
        "a training plan needs gradients");
  Binder binder(graph, parameters, layout, values, gradients, memory);
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
