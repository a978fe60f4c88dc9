#include "train/figures.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "config/metric_names.h"

namespace seve {
namespace {

// Precision, recall and F1 of one class (Van Rijsbergen 1979): 0 where nothing was said or true.
struct ClassScores {
  double precision = 0, recall = 0, f1 = 0;
};

ClassScores ScoresOf(double right, double said, double true_ones) {
  ClassScores scores;
  if (said > 0) scores.precision = right / said;
  if (true_ones > 0) scores.recall = right / true_ones;
  if (said + true_ones > 0) scores.f1 = 2 * right / (said + true_ones);
  return scores;
}

// The means over the classes that occur or are said.
ClassScores MeanScores(std::span<const double> confusion, size_t classes) {
  ClassScores mean;
  double counted = 0;
  for (size_t c = 0; c < classes; ++c) {
    double said = 0, true_ones = 0;
    for (size_t i = 0; i < classes; ++i) {
      said += confusion[i * classes + c];
      true_ones += confusion[c * classes + i];
    }
    if (said + true_ones == 0) continue;
    const ClassScores scores = ScoresOf(confusion[c * classes + c], said, true_ones);
    mean.precision += scores.precision;
    mean.recall += scores.recall;
    mean.f1 += scores.f1;
    counted += 1;
  }
  if (counted == 0) return {};
  return {mean.precision / counted, mean.recall / counted, mean.f1 / counted};
}

void CheckMetric(const std::string& name, int64_t classes) {
  const int64_t top = TopCount(name);
  if (top > classes) {
    ThrowUsage(fmt::format("metric '{}' of a model with {} classes: ask for at most top_{}", name,
                           classes, classes));
  }
  if (top == 0 && classes > ScoreCounts::kMostClasses) {
    ThrowUsage(fmt::format("metric '{}' of {} classes: it is counted for up to {} only", name,
                           classes, ScoreCounts::kMostClasses));
  }
}

}  // namespace

bool IsClassification(const Graph& graph) { return graph.losses.front().loss->IsClassification(); }

int64_t ClassesOf(const Graph& graph) {
  return graph.values[static_cast<size_t>(graph.losses.front().scores)].shape.elements();
}

void CheckFigures(const Configuration& configuration, const Graph& graph) {
  const auto& config = configuration.proto;
  const auto located = [&](const std::string& path, const std::string& text) {
    ThrowUsage(configuration.source.Where(path) + ": " + text);
  };
  const bool classifies = IsClassification(graph);
  for (int i = 0; i < config.evaluation().metrics_size(); ++i) {
    const std::string& name = config.evaluation().metrics(i);
    const std::string path = fmt::format("evaluation.metrics[{}]", i);
    if (!classifies)
      located(path, "metric '" + name + "' is one of classifiers, but the first loss is not");
    try {
      CheckMetric(name, ClassesOf(graph));
    } catch (const Error& error) {
      located(path, error.what());
    }
  }
  if (classifies) return;
  for (const auto& [path, monitor] : MonitorsOf(config)) {
    if (monitor->metric() != "accuracy") continue;
    located(path + ".metric",
            "there is no accuracy, as the first loss is no classifier's: monitor the loss");
  }
}

std::vector<int64_t> TopCounts(const config::Evaluation& evaluation) {
  std::vector<int64_t> counts;
  for (const auto& name : evaluation.metrics()) {
    if (const int64_t top = TopCount(name)) counts.push_back(top);
  }
  return counts;
}

std::vector<Metric> MetricsOf(const config::Evaluation& evaluation, const ScoreCounts& counts,
                              int64_t samples) {
  const ClassScores mean =
      counts.confusion().empty()
          ? ClassScores{}
          : MeanScores(counts.confusion(), static_cast<size_t>(counts.classes()));
  std::vector<Metric> metrics;
  size_t tops = 0;
  for (const auto& name : evaluation.metrics()) {
    double value = 0;
    if (TopCount(name) > 0) value = counts.among_top(tops++) / static_cast<double>(samples);
    if (name == "precision") value = mean.precision;
    if (name == "recall") value = mean.recall;
    if (name == "f1") value = mean.f1;
    metrics.push_back({name, value});
  }
  return metrics;
}

}  // namespace seve
