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

// One value of each sample over its input, from left to right.
Series OverInput(const PredictionsEvent& predictions, std::vector<float> Prediction::*values,
                 Series series) {
  std::vector<Prediction> samples = predictions.random;
  std::ranges::stable_sort(samples, {}, [](const auto& sample) { return sample.input.front(); });
  for (const Prediction& sample : samples) {
    series.x.push_back(static_cast<double>(sample.input.front()));
    series.y.push_back(static_cast<double>((sample.*values).front()));
  }
  return series;
}

}  // namespace

std::unique_ptr<Figure> FitChart(const PredictionsEvent& predictions) {
  return FitChart("Fit (" + predictions.split + ")", {{"model", predictions}});
}

std::unique_ptr<Figure> FitChart(const std::string& title, const std::vector<NamedFit>& fits) {
  std::vector<Series> series = {OverInput(fits.front().predictions, &Prediction::target,
                                          SeriesOf("data", SeriesStyle::kPoints, 0))};
  for (const auto& [name, predictions] : fits) {
    const int colour = static_cast<int>(series.size());
    series.push_back(
        OverInput(predictions, &Prediction::output, SeriesOf(name, SeriesStyle::kLine, colour)));
  }
  return ChartOf(title, "input", "output", std::move(series));
}

bool IsFit(const PredictionsEvent& predictions) {
  return predictions.class_names.empty() && predictions.input.elements() == 1 &&
         predictions.output.elements() == 1;
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
