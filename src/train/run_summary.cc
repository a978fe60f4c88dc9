#include "train/run_summary.h"

#include <fmt/format.h>

#include "base/text.h"
#include "data/augment/registry.h"

namespace seve {

std::vector<LayerRow> LayerRows(const Graph& graph, const ParameterLayout& layout) {
  std::vector<LayerRow> rows;
  for (const auto& node : graph.nodes) {
    std::vector<std::string> inputs;
    for (const int input : node.inputs) {
      inputs.push_back(graph.values[static_cast<size_t>(input)].name);
    }
    rows.push_back({.name = node.name,
                    .kind = std::string(node.layer->kind()),
                    .inputs = Join(inputs),
                    .output = node.layer->output()});
  }
  for (const auto& parameter : layout.parameters) {
    if (parameter.IsStatistic()) continue;
    LayerRow& row = rows[static_cast<size_t>(parameter.node)];
    row.parameters += static_cast<int64_t>(parameter.count);
    row.frozen |= parameter.frozen;
  }
  return rows;
}

namespace {

// "resnet18.safetensors, but for fc.*".
std::string DescribeWeights(const config::Weights& weights) {
  const std::vector<std::string> skipped(weights.skip().begin(), weights.skip().end());
  return skipped.empty() ? weights.file()
                         : fmt::format("{}, but for {}", weights.file(), Join(skipped));
}

// "NVIDIA H200 (139.8 GiB) on each of 4 ranks, FP32, one graph a step".
std::string DescribeDevice(const RankDevice& device, const config::Config& config) {
  const bool graph = config.gpu().execution() == config::GRAPH;
  return fmt::format("{}, {}, {}", device.of_all, config::Precision_Name(config.precision()),
                     graph ? "one graph a step" : "eager");
}

}  // namespace

RunSummary Summarise(const Setup& setup, const BatchGeometry& geometry, const Context& context,
                     int64_t total_steps) {
  RunSummary summary;
  const int world = context.communicator.size();
  const bool on_gpus = context.device.cuda;
  summary.configuration = setup.configuration.path;
  summary.data = setup.data.train->Describe();
  const std::string augmentation = DescribeAugmentation(setup.configuration.proto.data());
  if (!augmentation.empty()) summary.data += "; for training: " + augmentation;
  summary.train_samples = setup.sampler.train_size();
  summary.validation_samples = setup.sampler.validation_size();
  summary.test_samples = setup.data.test->size();
  summary.layers = LayerRows(setup.graph, setup.layout);
  summary.parameters = setup.layout.Count();
  summary.trainable_parameters = setup.layout.TrainableCount();
  summary.running_statistics = setup.layout.StatisticCount();
  summary.world = world;
  summary.devices =
      fmt::format("{} {} rank{}", world, on_gpus ? "GPU" : "CPU", world == 1 ? "" : "s");
  if (on_gpus) summary.device = DescribeDevice(context.device, setup.configuration.proto);
  summary.batch = geometry.batch();
  summary.batch_per_rank = geometry.batch() / world;
  summary.micro_batches = geometry.micro_batches();
  summary.reproducible = setup.configuration.proto.reproducible();
  const auto& config = setup.configuration.proto;
  if (config.has_weights()) summary.weights = DescribeWeights(config.weights());
  summary.optimizer = setup.DescribeOptimizer();
  summary.learning_rate = setup.LearningRate(geometry.batch());
  summary.schedule = setup.schedule->Describe();
  summary.total_steps = total_steps;
  summary.steps_per_epoch = geometry.steps_per_epoch();
  summary.epochs =
      static_cast<double>(total_steps) / static_cast<double>(geometry.steps_per_epoch());
  return summary;
}

}  // namespace seve
