#include "model/plan_layout.h"

#include <algorithm>

#include "model/memory_plan.h"

namespace seve {
namespace {

// Times: the data's fields are written at -1, node i runs forward at i and backward at 2n - i, the
// losses run at n, for n nodes.
class Liveness {
 public:
  Liveness(const Graph& graph, PlanLayout& layout) : graph_(graph), layout_(layout) {
    const size_t count = graph.values.size();
    layout.values.resize(count);
    layout.gradients.resize(count);
    layout.workspaces.resize(graph.nodes.size());
    value_spans_.resize(count);
    gradient_spans_.resize(count);
  }

  void Run() {
    for (size_t i = 0; i < graph_.fields; ++i) Touch(value_spans_, static_cast<int>(i), -1);
    for (size_t i = 0; i < graph_.nodes.size(); ++i) Forward(static_cast<int>(i));
    for (const auto& loss : graph_.losses) {
      Touch(value_spans_, loss.scores, losses_time());
      Touch(value_spans_, loss.target, losses_time());
      if (training()) TouchGradient(loss.scores, losses_time());
    }
    if (training()) {
      for (size_t i = graph_.nodes.size(); i-- > 0;) Backward(static_cast<int>(i));
    }
    Place();
  }

 private:
  struct Span {
    int first = 0, last = -2;  // last < first: never touched
    [[nodiscard]] bool used() const { return last >= first; }
  };

  [[nodiscard]] bool training() const { return layout_.mode == PlanMode::kTraining; }
  [[nodiscard]] int losses_time() const { return static_cast<int>(graph_.nodes.size()); }
  [[nodiscard]] const Value& ValueAt(int value) const {
    return graph_.values[static_cast<size_t>(value)];
  }

  void Touch(std::vector<Span>& spans, int value, int time) {
    Span& span = spans[static_cast<size_t>(graph_.Root(value))];
    if (!span.used()) span = {time, time};
    span.last = std::max(span.last, time);
  }

  // Only values that a learning layer produces need a gradient.
  void TouchGradient(int value, int time) {
    const int producer = ValueAt(value).producer;
    if (producer >= 0 && layout_.backward[static_cast<size_t>(producer)]) {
      Touch(gradient_spans_, value, time);
    }
  }

  void Forward(int index) {
    const Node& node = graph_.nodes[static_cast<size_t>(index)];
    for (const int input : node.inputs) Touch(value_spans_, input, index);
    Touch(value_spans_, node.output, index);
    // Kept until the losses have run, so that the first layer with a non-finite output can be
    // named.
    if (training()) Touch(value_spans_, node.output, losses_time());
  }

  void Backward(int index) {
    const Node& node = graph_.nodes[static_cast<size_t>(index)];
    if (!layout_.backward[static_cast<size_t>(index)]) return;
    const int time = 2 * losses_time() - index;
    if (layout_.followed[static_cast<size_t>(index)]) {
      ReadWithFollower(index, time);
    } else {
      TouchGradient(node.output, time);
    }
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const int input = node.inputs[i];
      const bool in_pieces =
          i == 0 && index > 0 && layout_.followed[static_cast<size_t>(index - 1)];
      if (!in_pieces) TouchGradient(input, time);
      if (node.layer->BackwardReadsInputs()) Touch(value_spans_, input, time);
    }
    if (node.layer->BackwardReadsOutput()) Touch(value_spans_, node.output, time);
  }

  // What the gradient in the output of a node that is followed is made of.
  void ReadWithFollower(int index, int time) {
    const Node& next = graph_.nodes[static_cast<size_t>(index + 1)];
    TouchGradient(next.output, time);
    for (size_t i = 0; i < next.inputs.size(); ++i) {
      Touch(value_spans_, next.inputs[i], time);
      if (i > 0) TouchGradient(next.inputs[i], time);
    }
  }

  void Place() {
    std::vector<BlockRequest> requests;
    std::vector<std::optional<size_t>*> slots;
    // Without samples, values are there, too.
    const auto add = [&](size_t bytes, Span span, std::optional<size_t>& slot) {
      if (!span.used()) return;
      requests.push_back({std::max<size_t>(bytes, 1), span.first, span.last});
      slots.push_back(&slot);
    };
    for (size_t i = 0; i < graph_.values.size(); ++i) {
      const Value& value = graph_.values[i];
      const size_t bytes = static_cast<size_t>(layout_.rows * value.shape.elements()) *
                           SizeOf(TypeIn(layout_, value));
      add(bytes, value_spans_[i], layout_.values[i]);
      add(bytes, gradient_spans_[i], layout_.gradients[i]);
    }
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      const int forward = static_cast<int>(i);
      const int last = training() ? 2 * losses_time() - forward : forward;
      const size_t bytes = graph_.nodes[i].layer->WorkspaceBytes(layout_.rows);
      if (bytes > 0) add(bytes, {forward, last}, layout_.workspaces[i]);
    }
    const MemoryPlan plan = PlanMemory(requests);
    for (size_t i = 0; i < slots.size(); ++i) *slots[i] = plan.offsets[i];
    layout_.bytes = plan.bytes;
  }

  const Graph& graph_;
  PlanLayout& layout_;
  std::vector<Span> value_spans_, gradient_spans_;
};

std::vector<bool> NodesThatLearn(const Graph& graph, const ParameterLayout& parameters) {
  std::vector<bool> learns(graph.nodes.size(), false);
  for (const auto& parameter : parameters.parameters) {
    if (parameter.Learns()) learns[static_cast<size_t>(parameter.node)] = true;
  }
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const int input : graph.nodes[i].inputs) {
      const int producer = graph.values[static_cast<size_t>(input)].producer;
      if (producer >= 0 && learns[static_cast<size_t>(producer)]) learns[i] = true;
    }
  }
  return learns;
}

std::vector<bool> FollowedNodes(const Graph& graph) {
  std::vector<int> readers(graph.values.size());
  for (const Node& node : graph.nodes) {
    for (const int input : node.inputs) ++readers[static_cast<size_t>(graph.Root(input))];
  }
  for (const LossNode& loss : graph.losses) {
    ++readers[static_cast<size_t>(graph.Root(loss.scores))];
  }
  std::vector<bool> followed(graph.nodes.size(), false);
  for (size_t i = 0; i + 1 < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const Node& next = graph.nodes[i + 1];
    followed[i] = node.layer->TakesFollower() && next.layer->CanFollow() &&
                  next.inputs[0] == node.output && readers[static_cast<size_t>(node.output)] == 1;
  }
  return followed;
}

}  // namespace

DType TypeIn(const PlanLayout& layout, const Value& value) {
  return value.dtype == DType::kFloat32 ? layout.activation : value.dtype;
}

PlanLayout LayOutPlan(const Graph& graph, const ParameterLayout& parameters, int64_t rows,
                      PlanMode mode, DType activation, PlanPasses passes) {
  PlanLayout layout{.rows = rows,
                    .mode = mode,
                    .activation = activation,
                    .values = {},
                    .gradients = {},
                    .workspaces = {},
                    .bytes = 0,
                    .backward = NodesThatLearn(graph, parameters),
                    .followed = std::vector<bool>(graph.nodes.size(), false)};
  if (mode == PlanMode::kTraining && passes == PlanPasses::kFollowing) {
    layout.followed = FollowedNodes(graph);
  }
  Liveness(graph, layout).Run();
  return layout;
}

}  // namespace seve
