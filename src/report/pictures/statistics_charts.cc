#include "report/pictures/statistics_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/text.h"
#include "report/chart_over_epochs.h"
#include "report/draw/palette.h"

namespace seve {
namespace {

// Layers in the order of a forward pass: they are told as backward finishes them.
std::vector<const ParameterStatistics*> Forwards(const StatisticsEvent& event) {
  std::vector<const ParameterStatistics*> order;
  for (const ParameterStatistics& parameter : event.parameters) {
    const auto others = std::ranges::find_if(
        order, [&](const auto* other) { return other->layer != parameter.layer; });
    order.insert(others, &parameter);
  }
  return order;
}

constexpr size_t kMostLines = 20;
constexpr size_t kMostHistograms = 40;  // parameters; each has two

// Evenly spaced ones, the first and the last among them, where there are too many to look at.
std::vector<const ParameterStatistics*> AtMost(
    size_t most, const std::vector<const ParameterStatistics*>& parameters) {
  if (parameters.size() <= most) return parameters;
  std::vector<const ParameterStatistics*> kept;
  for (size_t i = 0; i < most; ++i) {
    kept.push_back(parameters[i * (parameters.size() - 1) / (most - 1)]);
  }
  return kept;
}

// The line of this layer, the last one where the layer is new.
Series& LineOf(const std::string& layer, Chart* chart) {
  for (Series& series : chart->series) {
    if (series.name == layer) return series;
  }
  const auto index = static_cast<int>(chart->series.size());
  Series& series = chart->series.emplace_back();
  series.name = layer;
  series.colour = index;
  // Where colours come again, dashes differ.
  series.dashes = index + index / static_cast<int>(kPalette.size());
  return series;
}

void AddPoint(const std::string& layer, double x, double y, Chart* chart) {
  Series& line = LineOf(layer, chart);
  line.x.push_back(x);
  line.y.push_back(y);
}

Bars BarsOf(const TensorStatistics& tensor, const std::string& title) {
  Bars bars;
  bars.title = title;
  bars.low = tensor.minimum;
  bars.high = tensor.maximum;
  // All values equal: a bar of some width.
  if (bars.low == bars.high) bars.high = bars.low + (bars.low == 0 ? 1 : std::abs(bars.low));
  bars.heights.assign(tensor.histogram.begin(), tensor.histogram.end());
  return bars;
}

template <typename Part>
std::unique_ptr<Figure> HistogramsOf(const StatisticsEvent& first, const StatisticsEvent& last,
                                     const std::string& title, Part part) {
  std::vector<Bars> panels;
  const auto before = AtMost(kMostHistograms, Forwards(first));
  const auto after = AtMost(kMostHistograms, Forwards(last));
  const bool some = after.size() < last.parameters.size();
  const std::string whose =
      some ? fmt::format("{} ({} of {})", title, after.size(), last.parameters.size()) : title;
  for (size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
    for (const auto& [event, parameters] : {std::pair(&first, &before), std::pair(&last, &after)}) {
      const ParameterStatistics& parameter = *(*parameters)[i];
      const TensorStatistics* tensor = part(parameter);
      if (tensor == nullptr) continue;
      panels.push_back(
          BarsOf(*tensor, fmt::format("{}.{}, step {}", parameter.layer, parameter.parameter,
                                      WithThousands(event->step))));
    }
  }
  return panels.empty() ? nullptr : Histograms(std::move(panels), 2, whose);
}

}  // namespace

GradientCharts::GradientCharts()
    : counts_(ChartOverEpochs("gradients not 0")), means_(ChartOverEpochs("mean |gradient|")) {
  counts_.title = "Gradients of the weights";
  means_.log_y = true;
}

void GradientCharts::Add(const StatisticsEvent& event) {
  auto weights = Forwards(event);
  std::erase_if(weights, [](const ParameterStatistics* parameter) {
    return parameter->parameter != "weight" || !parameter->gradient;
  });
  for (const ParameterStatistics* parameter : AtMost(kMostLines, weights)) {
    AddPoint(parameter->layer, event.epoch, static_cast<double>(parameter->gradient->non_zero),
             &counts_);
    AddPoint(parameter->layer, event.epoch, parameter->gradient->mean_absolute, &means_);
  }
}

std::unique_ptr<Figure> GradientCharts::Draw() const {
  if (counts_.series.empty()) return nullptr;
  Chart means = means_;
  for (Series& series : means.series) series.name.clear();  // the legend above is enough
  return StackedCharts({counts_, std::move(means)});
}

std::unique_ptr<Figure> ValueHistograms(const StatisticsEvent& first, const StatisticsEvent& last) {
  return HistogramsOf(first, last, "Values of the parameters",
                      [](const ParameterStatistics& parameter) { return &parameter.values; });
}

std::unique_ptr<Figure> GradientHistograms(const StatisticsEvent& first,
                                           const StatisticsEvent& last) {
  return HistogramsOf(first, last, "Gradients of the parameters",
                      [](const ParameterStatistics& parameter) {
                        return parameter.gradient ? &*parameter.gradient : nullptr;
                      });
}

}  // namespace seve
