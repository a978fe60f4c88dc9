// The layers of a plan, bound and in order, with the tensors that others ask a plan for: what plans
// of the CPU and of a GPU have in common.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/dataset.h"
#include "model/captures.h"
#include "model/plan_binding.h"

namespace seve {

class PlanLayers {
 public:
  using Bind =
      std::function<std::unique_ptr<BoundLayer>(const Node& node, const LayerBinding& binding)>;

  // The losses have been bound by `binder`. `captures`: null where nothing is to be copied; what is
  // referred to, and the graph, must outlive it.
  PlanLayers(const Graph& graph, const PlanLayout& layout, PlanBinder& binder, const Bind& bind,
             Captures* captures);

  // The tensors a batch is gathered into, in the order of the data's fields. A field nobody reads
  // is absent.
  [[nodiscard]] const Batch& inputs() const { return inputs_; }
  // What the first loss scores, (N, outputs), and what it compares that with.
  [[nodiscard]] const Tensor& scores() const { return scores_; }
  [[nodiscard]] const Tensor& target() const { return target_; }
  // Outputs of the layers with their names, in the order they run.
  using NamedOutput = std::pair<std::string, Tensor>;
  [[nodiscard]] const std::vector<NamedOutput>& outputs() const { return outputs_; }

  void Forward(const StepContext& context);
  // Calls `done(node)` after each layer's backward pass.
  template <typename Done>
  void Backward(const StepContext& context, Done done) {
    for (auto& [node, name, layer] : backward_) {
      {
        const TraceScope traced(context.trace, Trace::Row::kLayer, name, "backward");
        layer->Backward(context);
      }
      done(node);
    }
  }

 private:
  struct Step {
    int node;
    const char* name;  // in the graph
    BoundLayer* layer;
  };
  Batch inputs_;
  Tensor scores_, target_;
  std::vector<std::unique_ptr<BoundLayer>> layers_;
  std::vector<Step> forward_;
  std::vector<Step> backward_;
  std::vector<NamedOutput> outputs_;
  Captures* captures_;
  std::vector<std::pair<size_t, Tensor>> captured_fields_;
};

}  // namespace seve
