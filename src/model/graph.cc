#include "model/graph.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "config/expand.h"
#include "layers/registry.h"
#include "model/fuse_sums.h"
#include "model/topological_order.h"

namespace seve {
namespace {

// Runs `make` and puts the place in the configuration in front of what it complains about.
template <typename Make>
void Located(const Configuration& configuration, const std::string& path, Make make) {
  try {
    make();
  } catch (const Error& error) {
    throw Error(error.code(), configuration.source.Where(path) + ": " + error.what(),
                error.where());
  }
}

int FindValue(const Graph& graph, const std::string& name) {
  const auto found = std::find_if(graph.values.begin(), graph.values.end(),
                                  [&](const Value& value) { return value.name == name; });
  return found == graph.values.end() ? -1 : static_cast<int>(found - graph.values.begin());
}

std::vector<std::string> ValueNames(const Graph& graph) {
  std::vector<std::string> names;
  for (const auto& value : graph.values) names.push_back(value.name);
  return names;
}

std::vector<std::string> FieldNames(const Graph& graph) {
  auto names = ValueNames(graph);
  names.resize(graph.fields);
  return names;
}

// What a residual adds, x_n and what its shortcut gives. `sum`: "a/sum".
void CheckResidual(const std::string& sum, const std::vector<Shape>& shapes) {
  if (shapes[0] == shapes[1]) return;
  ThrowUsage(
      fmt::format("residual '{}' cannot add {}, what its layers give, to {}, what its shortcut "
                  "gives (without one, its input): make them one shape, for example with a "
                  "`shortcut` of a 1x1 convolution of the same channels and stride",
                  sum.substr(0, sum.rfind('/')), shapes[0].ToString(), shapes[1].ToString()));
}

// Starting values given one by one must be as many as the parameter has.
void CheckStartingValues(const Layer& layer, const std::string& name) {
  for (const auto& spec : layer.Parameters()) {
    if (spec.initializer.kind != Initializer::Kind::kValues) continue;
    const auto given = static_cast<int64_t>(spec.initializer.values.size());
    if (given == spec.shape.elements()) continue;
    ThrowUsage(
        fmt::format("layer '{}': {} starting values are given for '{}', which has {} of shape {}",
                    name, given, spec.name, spec.shape.elements(), spec.shape.ToString()));
  }
}

void AddNode(Graph& graph, const Configuration& configuration, const ExpandedLayer& expanded) {
  const config::Layer& layer = expanded.layer;
  const std::string& name = layer.name();
  Located(configuration, "model." + name, [&] {
    if (FindValue(graph, name) >= 0) {
      ThrowUsage(fmt::format("layer '{}' is called like a field of the data; rename one", name));
    }
    Node node{.name = name, .layer = nullptr, .inputs = {}, .output = 0};
    std::vector<Shape> shapes;
    for (const auto& input : layer.input()) {
      const int value = FindValue(graph, input);
      if (value < 0) {
        ThrowUsage(fmt::format("layer '{}' reads '{}', which does not exist; {}", name, input,
                               Suggest(input, ValueNames(graph))));
      }
      if (graph.values[static_cast<size_t>(value)].dtype != DType::kFloat32) {
        ThrowUsage(
            fmt::format("layer '{}' reads '{}', which holds class indices: declare it "
                        "kind: VALUES",
                        name, input));
      }
      node.inputs.push_back(value);
      shapes.push_back(graph.values[static_cast<size_t>(value)].shape);
    }
    if (expanded.path.ends_with(".residual")) CheckResidual(name, shapes);
    node.layer = MakeLayer(layer, name, shapes);
    CheckStartingValues(*node.layer, name);
    node.output = static_cast<int>(graph.values.size());
    graph.values.push_back({.name = name,
                            .dtype = DType::kFloat32,
                            .shape = node.layer->output(),
                            .producer = static_cast<int>(graph.nodes.size())});
    graph.nodes.push_back(std::move(node));
  });
}

// `last_layer`: of the model as it is written.
void AddLoss(Graph& graph, const Configuration& configuration, int index,
             const ExpandedModel& model, const std::string& last_layer, int64_t classes) {
  const auto& message = configuration.proto.loss(index);
  const std::string named = message.has_input() ? message.input() : last_layer;
  const std::string* const meant = model.Find(named);
  const std::string& scored = meant == nullptr ? named : *meant;
  LossNode node{.loss = nullptr, .weight = message.weight()};
  Located(configuration, fmt::format("loss[{}]", index), [&] {
    node.scores = FindValue(graph, scored);
    node.target = FindValue(graph, message.target());
    if (node.scores < 0) {
      ThrowUsage(fmt::format("the loss reads '{}', which does not exist; {}", scored,
                             Suggest(scored, ValueNames(graph))));
    }
    if (node.target < 0 || static_cast<size_t>(node.target) >= graph.fields) {
      ThrowUsage(fmt::format("the loss compares with '{}', which is no field of the data; {}",
                             message.target(), Suggest(message.target(), FieldNames(graph))));
    }
  });
  Located(configuration, "model." + scored, [&] {
    const Value& scores = graph.values[static_cast<size_t>(node.scores)];
    const Value& target = graph.values[static_cast<size_t>(node.target)];
    node.loss = MakeLoss(message, scored, scores.shape, target.dtype, target.shape, classes);
  });
  graph.losses.push_back(std::move(node));
}

// A layer without a reader would silently never learn.
void CheckEverythingIsRead(const Graph& graph, const Configuration& configuration) {
  std::vector<bool> read(graph.values.size(), false);
  for (const auto& node : graph.nodes) {
    for (const int input : node.inputs) read[static_cast<size_t>(input)] = true;
  }
  for (const auto& loss : graph.losses) read[static_cast<size_t>(loss.scores)] = true;
  for (const auto& node : graph.nodes) {
    if (read[static_cast<size_t>(node.output)]) continue;
    ThrowUsage(
        fmt::format("{}: nothing reads layer '{}': name it as the `input` of a layer or loss, "
                    "or remove it",
                    configuration.source.Where("model." + node.name), node.name));
  }
}

}  // namespace

int Graph::Root(int value) const {
  const int producer = values[static_cast<size_t>(value)].producer;
  if (producer < 0) return value;
  const Node& node = nodes[static_cast<size_t>(producer)];
  return node.layer->IsView() ? Root(node.inputs[0]) : value;
}

const Value& Graph::Input() const {
  const auto found = std::ranges::find(
      values.begin(), values.begin() + static_cast<ptrdiff_t>(fields), "input", &Value::name);
  Check(found != values.begin() + static_cast<ptrdiff_t>(fields), "the data have no input");
  return *found;
}

int64_t Graph::FlopsPerSample() const {
  int64_t flops = 0;
  for (const auto& node : nodes) flops += node.layer->FlopsPerSample();
  return flops;
}

Graph BuildGraph(const Configuration& configuration, const std::vector<FieldSpec>& fields,
                 int64_t classes) {
  const ExpandedModel model = ExpandModel(configuration.proto.model());
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> inputs;
  for (const auto& [layer, path] : model.layers) {
    names.push_back(layer.name());
    inputs.emplace_back(layer.input().begin(), layer.input().end());
  }

  Graph graph;
  graph.fields = fields.size();
  for (const auto& field : fields) {
    graph.values.push_back({.name = field.name, .dtype = field.dtype, .shape = field.shape});
  }
  const auto order = TopologicalOrder(names, inputs);
  if (!order.cycle.empty()) {
    ThrowUsage(fmt::format(
        "{}: the layers {} read each other in a circle: a layer cannot need its "
        "own output",
        configuration.source.Where("model." + order.cycle.front()), Join(order.cycle, " -> ")));
  }
  for (const int i : order.indices) {
    AddNode(graph, configuration, model.layers[static_cast<size_t>(i)]);
  }
  const auto written = LayerNames(configuration.proto.model());
  for (int i = 0; i < configuration.proto.loss_size(); ++i) {
    AddLoss(graph, configuration, i, model, written.back(), classes);
  }
  CheckEverythingIsRead(graph, configuration);
  FuseSums(graph);
  if (configuration.proto.reproducible()) CheckReproducible(graph, configuration);
  return graph;
}

void CheckReproducible(const Graph& graph, const Configuration& configuration) {
  for (const auto& node : graph.nodes) {
    const auto why = node.layer->WhyNotReproducible();
    if (why.empty()) continue;
    ThrowUsage(
        fmt::format("{}: layer '{}' cannot be reproducible: {}; change the layer or set "
                    "reproducible: false",
                    configuration.source.Where("model." + node.name), node.name, why));
  }
}

}  // namespace seve
