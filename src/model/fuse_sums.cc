#include "model/fuse_sums.h"

#include <algorithm>

#include "layers/add.h"

namespace seve {
namespace {

class SumFuser {
 public:
  explicit SumFuser(Graph& graph)
      : graph_(graph), readers_(graph.values.size()), is_gone_(graph.nodes.size()) {
    for (const Node& node : graph.nodes) {
      for (const int input : node.inputs) ++readers_[static_cast<size_t>(input)];
    }
    for (const LossNode& loss : graph.losses) ++readers_[static_cast<size_t>(loss.scores)];
  }

  void Run() {
    for (Node& node : graph_.nodes) {
      const auto* add = dynamic_cast<const Add*>(node.layer.get());
      if (add == nullptr || node.inputs.size() != 2) continue;
      if (!Fuse(node, *add, 0)) Fuse(node, *add, 1);
    }
    TakeOut();
  }

 private:
  // Whether it was the layer before this input that took the sum.
  bool Fuse(Node& sum, const Add& add, size_t input) {
    const int value = sum.inputs[input], other = sum.inputs[1 - input];
    const int producer = graph_.values[static_cast<size_t>(value)].producer;
    if (producer < 0 || readers_[static_cast<size_t>(value)] != 1) return false;
    Node& node = graph_.nodes[static_cast<size_t>(producer)];
    // The gradient of one value that is both would have to be written twice.
    if (node.inputs.size() != 1 || graph_.Root(node.inputs[0]) == graph_.Root(other)) return false;
    auto layer = node.layer->WithSum(add.activation());
    if (layer == nullptr) return false;
    sum.name = node.name;
    sum.layer = std::move(layer);
    sum.inputs = {node.inputs[0], other};
    graph_.values[static_cast<size_t>(sum.output)].name = node.name;
    is_gone_[static_cast<size_t>(producer)] = true;
    return true;
  }

  void TakeOut() {
    std::vector<int> now(graph_.values.size());  // the number of each value that stays
    std::vector<Value> values;
    std::vector<Node> nodes;
    for (size_t i = 0; i < graph_.fields; ++i) {
      now[i] = static_cast<int>(values.size());
      values.push_back(std::move(graph_.values[i]));
    }
    for (size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (is_gone_[i]) continue;
      Node& node = nodes.emplace_back(std::move(graph_.nodes[i]));
      for (int& input : node.inputs) input = now[static_cast<size_t>(input)];
      Value& value = graph_.values[static_cast<size_t>(node.output)];
      value.producer = static_cast<int>(nodes.size()) - 1;
      now[static_cast<size_t>(node.output)] = static_cast<int>(values.size());
      node.output = static_cast<int>(values.size());
      values.push_back(std::move(value));
    }
    for (LossNode& loss : graph_.losses) {
      loss.scores = now[static_cast<size_t>(loss.scores)];
      loss.target = now[static_cast<size_t>(loss.target)];
    }
    graph_.values = std::move(values);
    graph_.nodes = std::move(nodes);
  }

  Graph& graph_;
  std::vector<int> readers_;   // of each value
  std::vector<bool> is_gone_;  // of each node
};

}  // namespace

void FuseSums(Graph& graph) { SumFuser(graph).Run(); }

}  // namespace seve
