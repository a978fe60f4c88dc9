#include "train/filter_responses.h"

#include <algorithm>

#include "tensor/buffer.h"
#include "tensor/channels_last.h"
#include "tensor/row_major.h"

namespace seve {
namespace {

constexpr size_t kMostSamples = 4;

bool ReadsPictures(const Graph& graph, const Node& node) {
  if (node.layer->kind() != "conv2d") return false;
  const Value& value = graph.values[static_cast<size_t>(node.inputs.front())];
  return value.producer < 0 && value.name == "input";
}

std::vector<Tensor> ParametersOf(int node, const Graph& graph, const ParameterLayout& layout,
                                 const ParameterArena& parameters) {
  std::vector<Tensor> tensors(graph.nodes[static_cast<size_t>(node)].layer->Parameters().size());
  for (const Parameter& parameter : layout.parameters) {
    if (parameter.node == node) tensors[parameter.index] = parameters.At(parameter);
  }
  return tensors;
}

Buffer FloatsFor(int64_t rows, const Shape& sample) {
  return Buffer(static_cast<size_t>(rows * sample.elements()) * sizeof(float));
}

}  // namespace

std::optional<FilterResponses> ResponsesTo(const std::vector<Prediction>& samples,
                                           const Graph& graph, const ParameterLayout& layout,
                                           const ParameterArena& parameters) {
  const auto found = std::ranges::find_if(
      graph.nodes, [&graph](const Node& node) { return ReadsPictures(graph, node); });
  if (found == graph.nodes.end() || samples.empty()) return std::nullopt;
  const Layer& layer = *found->layer;
  const Shape &input = graph.Input().shape, &output = layer.output();
  const auto rows = static_cast<int64_t>(std::min(samples.size(), kMostSamples));

  const Buffer pictures = FloatsFor(rows, input), given = FloatsFor(rows, output);
  for (int64_t row = 0; row < rows; ++row) {
    ToChannelsLast(samples[static_cast<size_t>(row)].input.data(), 1, input,
                   pictures.As<float>().data() + row * input.elements());
  }
  const auto node = static_cast<int>(found - graph.nodes.begin());
  const Buffer workspace(layer.WorkspaceBytes(rows));
  LayerBinding binding;
  binding.rows = rows;
  binding.inputs = {Tensor(pictures.data(), DType::kFloat32, input.WithRows(rows))};
  binding.output = Tensor(given.data(), DType::kFloat32, output.WithRows(rows));
  binding.input_gradients = {Tensor()};
  binding.add_input_gradient = {false};
  binding.parameters = ParametersOf(node, graph, layout, parameters);
  binding.parameter_gradients.resize(binding.parameters.size());
  binding.workspace =
      Tensor(workspace.data(), DType::kUint8, Shape{static_cast<int64_t>(workspace.size())});
  layer.BindCpu(binding)->Forward({});

  FilterResponses responses{.layer = found->name, .shape = output, .given = {}};
  const RowMajor ordered(binding.output);
  const auto values = ordered.tensor().Flat<float>();
  const auto each = static_cast<size_t>(output.elements());
  for (size_t first = 0; first < values.size(); first += each) {
    const auto of_sample = values.subspan(first, each);
    responses.given.emplace_back(of_sample.begin(), of_sample.end());
  }
  return responses;
}

}  // namespace seve
