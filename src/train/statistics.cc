#include "train/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace seve {
namespace {

// Interval of a value among `bins` equal ones; the last one includes the maximum.
size_t BinOf(double value, double low, double high, size_t bins) {
  if (high <= low) return 0;
  const double share = (value - low) / (high - low);
  return std::min(static_cast<size_t>(share * static_cast<double>(bins)), bins - 1);
}

}  // namespace

TensorStatistics StatisticsOf(std::span<const float> values, double scale, int bins) {
  TensorStatistics statistics;
  statistics.histogram.assign(static_cast<size_t>(bins), 0);
  double sum = 0, squares = 0, magnitudes = 0, finite = 0;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const float value : values) {
    const double x = static_cast<double>(value) * scale;
    statistics.non_zero += x != 0 ? 1 : 0;
    if (!std::isfinite(x)) continue;
    finite += 1;
    sum += x;
    squares += x * x;
    magnitudes += std::abs(x);
    low = std::min(low, x);
    high = std::max(high, x);
  }
  statistics.count = std::ssize(values);
  if (finite == 0) return statistics;
  statistics.mean = sum / finite;
  statistics.deviation =
      std::sqrt(std::max(0.0, squares / finite - statistics.mean * statistics.mean));
  statistics.mean_absolute = magnitudes / finite;
  statistics.minimum = low;
  statistics.maximum = high;
  for (const float value : values) {
    const double x = static_cast<double>(value) * scale;
    if (!std::isfinite(x)) continue;
    ++statistics.histogram[BinOf(x, low, high, statistics.histogram.size())];
  }
  return statistics;
}

std::vector<ParameterStatistics> StatisticsOf(const Graph& graph, const ParameterLayout& layout,
                                              const ParameterArena& parameters, Executor& executor,
                                              double gradient_scale, int bins) {
  std::vector<ParameterStatistics> statistics;
  for (const auto& parameter : layout.parameters) {
    const Node& node = graph.nodes[static_cast<size_t>(parameter.node)];
    ParameterStatistics& own = statistics.emplace_back();
    own.layer = node.name;
    own.parameter = parameter.spec.name;
    own.values = StatisticsOf(parameters.At(parameter).Flat<float>(), 1, bins);
    if (!parameter.Learns()) continue;
    own.gradient = StatisticsOf(executor.Gradient(parameter).Flat<float>(), gradient_scale, bins);
  }
  return statistics;
}

}  // namespace seve
