#include "report/learning_curves.h"

#include <algorithm>
#include <map>

#include "report/chart_over_epochs.h"
#include "report/spread.h"

namespace seve {
namespace {

constexpr int kTraining = 0, kValidation = 1, kTest = 2;  // colours

// Losses are drawn as they are, other figures in %.
double Scale(const std::string& figure) { return figure == "loss" ? 1 : 100; }

std::string Label(const std::string& figure) { return figure == "loss" ? figure : figure + " (%)"; }

Series ToSeries(const std::string& name, Curve curve, double scale) {
  Series series;
  series.name = name;
  series.x = std::move(curve.epoch);
  series.y = std::move(curve.value);
  for (double& value : series.y) value *= scale;
  return series;
}

void Add(Series series, int colour, SeriesStyle style, Chart* chart) {
  if (series.x.empty()) return;
  series.colour = colour;
  series.style = style;
  chart->series.push_back(std::move(series));
}

Chart FigureChart(const History& history, const std::string& figure) {
  Chart chart = ChartOverEpochs(Label(figure));
  const auto add = [&](const char* name, const Curve& curve, int colour, SeriesStyle style) {
    Add(ToSeries(name, curve, Scale(figure)), colour, style, &chart);
  };
  add("training", history.Training(figure), kTraining, SeriesStyle::kLine);
  add("validation", history.Evaluated("validation", figure), kValidation, SeriesStyle::kDashes);
  add("test", history.Evaluated("test", figure), kTest, SeriesStyle::kPoints);
  if (const EvaluationEvent* best = history.Best()) {
    chart.mark_x = best->epoch;
    chart.mark_name = "best";
  }
  return chart;
}

// Values of a group's runs at the epochs that all of them have.
std::map<double, std::vector<double>> CommonPoints(const std::vector<Series>& runs) {
  std::map<double, std::vector<double>> points;
  for (const Series& run : runs) {
    for (size_t i = 0; i < run.x.size(); ++i) points[run.x[i]].push_back(run.y[i]);
  }
  std::erase_if(points, [&](const auto& point) { return point.second.size() != runs.size(); });
  return points;
}

Series MeanOf(const std::string& name, const std::vector<Series>& runs) {
  Series mean;
  mean.name = name;
  for (const auto& [epoch, values] : CommonPoints(runs)) {
    const Spread spread = SpreadOf(values);
    mean.x.push_back(epoch);
    mean.y.push_back(spread.mean);
    mean.low.push_back(spread.mean - spread.deviation);
    mean.high.push_back(spread.mean + spread.deviation);
  }
  return mean;
}

}  // namespace

std::vector<Chart> LearningCurves(const History& history) {
  std::vector<Chart> charts = {FigureChart(history, "accuracy"), FigureChart(history, "loss")};
  Chart rate = ChartOverEpochs("learning rate");
  Add(ToSeries("", history.LearningRate(), 1), kTraining, SeriesStyle::kLine, &rate);
  charts.push_back(std::move(rate));
  std::erase_if(charts, [](const Chart& chart) { return chart.series.empty(); });
  return charts;
}

Chart ComparedCurves(std::span<const CurveGroup> groups, const std::string& figure) {
  Chart chart = ChartOverEpochs(Label(figure));
  const bool validated = std::ranges::any_of(groups, [&](const CurveGroup& group) {
    return !group.runs.front()->Evaluated("validation", figure).epoch.empty();
  });
  chart.title = validated ? "Validation" : "Training";
  int colour = 0;
  for (const CurveGroup& group : groups) {
    std::vector<Series> runs;
    for (const History* run : group.runs) {
      const Curve curve = validated ? run->Evaluated("validation", figure) : run->Training(figure);
      runs.push_back(ToSeries(group.name, curve, Scale(figure)));
    }
    const bool single = runs.size() == 1;
    Add(single ? std::move(runs[0]) : MeanOf(group.name, runs), colour, SeriesStyle::kLine, &chart);
    ++colour;
  }
  return chart;
}

}  // namespace seve
