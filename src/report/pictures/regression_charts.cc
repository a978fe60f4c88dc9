#include "report/pictures/regression_charts.h"

#include <algorithm>
#include <string>
#include <vector>

#include "report/draw/charts.h"

namespace seve {
namespace {

Series SeriesOf(const std::string& name, SeriesStyle style, int colour) {
  Series series;
  series.name = name;
  series.style = style;
  series.colour = colour;
  return series;
}

std::unique_ptr<Figure> ChartOf(const std::string& title, const std::string& x_label,
                                const std::string& y_label, std::vector<Series> series) {
  Chart chart;
  chart.title = title;
  chart.x_label = x_label;
  chart.y_label = y_label;
  chart.series = std::move(series);
  return StackedCharts({std::move(chart)});
}

}  // namespace

std::unique_ptr<Figure> FitChart(const PredictionsEvent& predictions) {
  std::vector<Prediction> samples = predictions.random;
  std::ranges::stable_sort(samples, {}, [](const auto& sample) { return sample.input.front(); });
  Series data = SeriesOf("data", SeriesStyle::kPoints, 0);
  Series model = SeriesOf("model", SeriesStyle::kLine, 1);
  for (const Prediction& sample : samples) {
    for (Series* series : {&data, &model}) {
      series->x.push_back(static_cast<double>(sample.input.front()));
    }
    data.y.push_back(static_cast<double>(sample.target.front()));
    model.y.push_back(static_cast<double>(sample.output.front()));
  }
  return ChartOf("Fit (" + predictions.split + ")", "input", "output",
                 {std::move(data), std::move(model)});
}

std::unique_ptr<Figure> ScatterChart(const PredictionsEvent& predictions) {
  const auto outputs = static_cast<size_t>(predictions.output.elements());
  std::vector<Series> series;
  std::vector<double> truths;
  for (size_t output = 0; output < outputs; ++output) {
    Series& points =
        series.emplace_back(SeriesOf(outputs == 1 ? "" : "output " + std::to_string(output),
                                     SeriesStyle::kPoints, static_cast<int>(output)));
    for (const Prediction& sample : predictions.random) {
      points.x.push_back(static_cast<double>(sample.target[output]));
      points.y.push_back(static_cast<double>(sample.output[output]));
      truths.push_back(points.x.back());
    }
  }
  Series& diagonal =
      series.emplace_back(SeriesOf("equal", SeriesStyle::kDashes, static_cast<int>(outputs)));
  if (!truths.empty()) {
    const auto [low, high] = std::ranges::minmax(truths);
    diagonal.x = diagonal.y = {low, high};
  }
  return ChartOf("Predicted against true (" + predictions.split + ")", "true", "predicted",
                 std::move(series));
}

}  // namespace seve
