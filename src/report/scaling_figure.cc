#include "report/scaling_figure.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace seve {
namespace {

constexpr int kIdealColour = 3;         // black; lines have the others
constexpr size_t kMostLabels = 6;       // that fit beside a chart, the ideal aside
constexpr double kEfficiencyStep = 25;  // in %
constexpr double kRounding = 1 + 1e-9;

int ColourOf(size_t line) { return static_cast<int>(line) + (line >= kIdealColour ? 1 : 0); }

// A value of each point, and what it would be for its slowest and fastest run.
using Value = double (*)(const ScalingPoint&);
double Speedup(const ScalingPoint& point) { return point.speedup; }
double Efficiency(const ScalingPoint& point) { return 100 * point.efficiency; }

Series SeriesOf(const ScalingLine& line, const std::string& name, int colour, Value value) {
  Series series;
  series.name = name;
  series.colour = colour;
  series.dashes = 0;
  const bool repeated = std::ranges::any_of(
      line.points, [](const ScalingPoint& point) { return point.speeds.size() > 1; });
  for (const ScalingPoint& point : line.points) {
    series.x.push_back(point.ranks);
    series.y.push_back(value(point));
    if (!repeated) continue;
    series.low.push_back(value(point) * point.speeds.front() / point.median);
    series.high.push_back(value(point) * point.speeds.back() / point.median);
  }
  return series;
}

bool AreOneKind(std::span<const ScalingLine> lines) {
  return std::ranges::all_of(
      lines, [&](const ScalingLine& line) { return line.Kind() == lines.front().Kind(); });
}

// What the title does not say.
std::string NameOf(const ScalingLine& line, std::span<const ScalingLine> lines) {
  if (AreOneKind(lines)) return line.settings.empty() ? "measured" : line.settings;
  if (line.settings.empty()) return line.Kind();
  const bool only_batch = std::ranges::all_of(lines, [&](const ScalingLine& other) {
    return other.weak != line.weak || other.batch == line.batch;
  });
  return line.settings + ", " + (!only_batch ? line.Kind() : line.weak ? "weak" : "strong");
}

void AddLines(std::span<const ScalingLine> lines, Value value, Chart* chart) {
  for (size_t i = 0; i < lines.size(); ++i) {
    AddLineWithPoints(SeriesOf(lines[i], NameOf(lines[i], lines), ColourOf(i), value), chart);
  }
}

Series Ideal(const std::string& name, std::vector<double> ranks, std::vector<double> values) {
  Series series;
  series.name = name;
  series.x = std::move(ranks);
  series.y = std::move(values);
  series.style = SeriesStyle::kDashes;
  series.colour = kIdealColour;
  series.dashes = 0;
  return series;
}

}  // namespace

std::vector<Chart> ScalingCharts(std::span<const ScalingLine> lines) {
  std::set<double> all, starts;
  double slowest = 1, fastest = 1, best = 100;
  for (const ScalingLine& line : lines) {
    starts.insert(line.points.front().ranks);
    for (const ScalingPoint& point : line.points) {
      all.insert(point.ranks);
      slowest = std::min(slowest, point.speedup);
      fastest = std::max(fastest, point.speedup);
      best = std::max(best, Efficiency(point));
    }
  }
  const std::vector<double> ranks(all.begin(), all.end());
  Chart speedup, efficiency;
  for (Chart* chart : {&speedup, &efficiency}) {
    chart->x_label = "ranks";
    chart->x_marks = ranks;
    chart->log_x = true;
    chart->direct_labels = lines.size() <= kMostLabels;
  }
  speedup.title = "Scaling";
  if (AreOneKind(lines)) speedup.title += ": " + lines.front().Kind();
  speedup.y_label = "speed-up";
  speedup.log_y = true;
  for (const double start : starts) {
    speedup.series.push_back(Ideal(start == *starts.begin() ? "ideal" : "", {start, ranks.back()},
                                   {1, ranks.back() / start}));
  }
  fastest = std::max(fastest, ranks.back() / ranks.front());
  double mark = std::exp2(std::floor(std::log2(slowest)));
  for (; mark <= fastest * kRounding; mark *= 2) speedup.y_marks.push_back(mark);
  AddLines(lines, Speedup, &speedup);

  efficiency.y_label = "efficiency (%)";
  efficiency.series.push_back(Ideal("ideal", {ranks.front(), ranks.back()}, {100, 100}));
  for (mark = 0; mark <= best * kRounding; mark += kEfficiencyStep) {
    efficiency.y_marks.push_back(mark);
  }
  AddLines(lines, Efficiency, &efficiency);
  return {speedup, efficiency};
}

}  // namespace seve
