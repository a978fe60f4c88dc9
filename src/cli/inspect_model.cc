#include "cli/inspect_model.h"

#include <fmt/format.h>

#include "base/text.h"
#include "data/augment/registry.h"
#include "model/arenas.h"
#include "model/gradient_reducer.h"
#include "model/micro_batch_tree.h"
#include "model/plan_layout.h"
#include "optim/registry.h"
#include "report/folded_layers.h"
#include "report/layer_table.h"
#include "train/batch_geometry.h"
#include "train/located_in_data.h"
#include "train/run_summary.h"

namespace seve {
namespace {

BatchGeometry GeometryOf(const Configuration& configuration, int ranks) {
  return {configuration, ranks, 0, kManySamples};
}

// Of a rank.
int GradientArenas(const Configuration& configuration, int ranks) {
  if (!configuration.proto.reproducible()) return 1;
  return ArenasFor(GeometryOf(configuration, ranks).local_micro_batches());
}

}  // namespace

ModelInspection::ModelInspection(Configuration configuration, const std::string& data_root,
                                 int ranks)
    : configuration_(std::move(configuration)),
      data_(LocatedInData(configuration_,
                          [&] { return PeekData(configuration_.proto.data(), data_root); })),
      graph_(BuildGraph(configuration_, data_.fields, data_.classes)),
      optimizer_(MakeOptimizer(configuration_.proto.optimizer())),
      layout_(LayOutParameters(graph_, configuration_, optimizer_->weight_decay())),
      ranks_(ranks),
      rows_(GeometryOf(configuration_, ranks).Request(0).count),
      gradient_arenas_(GradientArenas(configuration_, ranks)) {}

std::string ModelInspection::Text(const Terminal& terminal, bool all) const {
  const std::string augmentation = DescribeAugmentation(configuration_.proto.data());
  const std::string seen = augmentation.empty() ? "" : "augmentation: " + augmentation + "\n\n";
  return configuration_.path + "\n\n" + seen + Layers(terminal, all) + "\n" + Operations(all) +
         "\n" + MemoryText() + "\n" + Buckets(all);
}

std::string ModelInspection::Layers(const Terminal& terminal, bool all) const {
  auto rows = LayerRows(graph_, layout_);
  if (!all) rows = WithoutCopies(rows);
  std::string text;
  for (const auto& line : LayerTable(rows, layout_.Count(), layout_.TrainableCount(), terminal,
                                     layout_.StatisticCount())) {
    text += line + "\n";
  }
  return text;
}

std::string ModelInspection::Operations(bool all) const {
  std::string text =
      "operations of a sample's forward pass (a training step takes about three times that)\n";
  const auto line = [&](const std::string& what, int64_t flops) {
    text += fmt::format("  {:<34} {:>12} FLOPs\n", what, WithThousands(flops));
  };
  std::vector<LayerGroup> groups;
  const auto rows = LayerRows(graph_, layout_);
  if (!all) groups = FoldCopies(rows);
  for (size_t i = 0; all && i < rows.size(); ++i) groups.push_back({i, 1, rows[i]});
  for (const auto& [first, count, row] : groups) {
    int64_t flops = 0;
    for (size_t i = 0; i < count; ++i) flops += graph_.nodes[first + i].layer->FlopsPerSample();
    if (flops > 0) line(row.name, flops);
  }
  line("total", graph_.FlopsPerSample());
  return text;
}

RankMemory ModelInspection::Memory() const {
  const auto trainable = static_cast<double>(layout_.trainable_floats * sizeof(float));
  const auto frozen = static_cast<double>(layout_.frozen_floats * sizeof(float));
  const bool shared = configuration_.proto.distribution() == config::ZERO_1;
  const double states = trainable * static_cast<double>(optimizer_->StateNames().size());
  return {
      .parameters = trainable + frozen,
      .gradients = gradient_arenas_ * (trainable + kStepRecordFloats * sizeof(float)),
      .optimizer = states / (shared ? ranks_ : 1),
      .activations =
          static_cast<double>(LayOutPlan(graph_, layout_, rows_, PlanMode::kTraining).bytes),
      // Shares of an optimizer come together on rank 0, before they are copied.
      .checkpoint = trainable + frozen + states * (shared ? 2 : 1),
  };
}

std::string ModelInspection::MemoryText() const {
  const RankMemory memory = Memory();
  const size_t states = optimizer_->StateNames().size();
  std::string text = fmt::format("memory of a rank ({} rank{}, micro-batch of {})\n", ranks_,
                                 ranks_ == 1 ? "" : "s", rows_);
  const auto line = [&](const std::string& what, double bytes) {
    text += fmt::format("  {:<34} {:>12}\n", what, HumanBytes(bytes));
  };
  line("parameters", memory.parameters);
  line(gradient_arenas_ == 1 ? "gradients"
                             : fmt::format("gradients ({} arenas, reproducible)", gradient_arenas_),
       memory.gradients);
  const bool shared = configuration_.proto.distribution() == config::ZERO_1 && ranks_ > 1;
  line(fmt::format("optimizer ({}, {} state{}{})", optimizer_->kind(), states,
                   states == 1 ? "" : "s", shared ? ", a share" : ""),
       memory.optimizer);
  line("activations and their gradients", memory.activations);
  line("total", memory.total());
  line("rank 0 besides, for checkpoints", memory.checkpoint);
  return text;
}

std::string ModelInspection::Buckets(bool all) const {
  constexpr size_t kMostNames = 8;
  std::string text = "gradient buckets, in the order they are reduced\n";
  const auto buckets = CutBuckets(layout_, BucketBytes(configuration_.proto));
  for (size_t i = 0; i < buckets.size(); ++i) {
    std::vector<std::string> names;
    for (const auto& parameter : layout_.parameters) {
      const bool inside = !parameter.frozen && parameter.offset >= buckets[i].begin &&
                          parameter.offset < buckets[i].end;
      if (inside) names.push_back(parameter.name);
    }
    if (!all && names.size() > kMostNames) {
      names = {fmt::format("{} to {}, {} parameters", names.front(), names.back(), names.size())};
    }
    const auto bytes = static_cast<double>((buckets[i].end - buckets[i].begin) * sizeof(float));
    text += fmt::format("  {:>3} {:>12}  {}\n", i, HumanBytes(bytes), Join(names));
  }
  return text;
}

std::string ModelInspection::Dot() const {
  std::string text =
      "digraph model {\n  rankdir=BT;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  for (size_t i = 0; i < graph_.values.size(); ++i) {
    const Value& value = graph_.values[i];
    const std::string kind =
        value.producer < 0
            ? "data"
            : std::string(graph_.nodes[static_cast<size_t>(value.producer)].layer->kind());
    text += fmt::format("  \"{}\" [label=\"{}\\n{}\\n{}\"{}];\n", value.name, value.name, kind,
                        value.shape.ToString(), value.producer < 0 ? ", style=rounded" : "");
  }
  for (const auto& node : graph_.nodes) {
    for (const int input : node.inputs) {
      text += fmt::format("  \"{}\" -> \"{}\";\n", graph_.values[static_cast<size_t>(input)].name,
                          node.name);
    }
  }
  for (size_t i = 0; i < graph_.losses.size(); ++i) {
    const LossNode& loss = graph_.losses[i];
    text += fmt::format("  \"loss_{}\" [label=\"{}\", shape=ellipse];\n", i + 1, loss.loss->kind());
    for (const int input : {loss.scores, loss.target}) {
      text += fmt::format("  \"{}\" -> \"loss_{}\";\n",
                          graph_.values[static_cast<size_t>(input)].name, i + 1);
    }
  }
  return text + "}\n";
}

}  // namespace seve
