#include "report/trend.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "config/differences.h"
#include "report/run_facts.h"
#include "report/spread.h"

namespace seve {
namespace {

constexpr const char* kParameters = "parameters";
constexpr double kWide = 20;       // from the least to the greatest place: a logarithmic axis
constexpr size_t kMostLabels = 6;  // that fit beside a chart

std::vector<Difference> DifferencesOf(const std::vector<const ComparedRun*>& runs) {
  std::vector<config::Config> configs;
  for (const ComparedRun* run : runs) configs.push_back(run->config);
  return Differences(configs);
}

std::vector<std::string> PathsOf(const std::vector<Difference>& differences) {
  std::vector<std::string> paths;
  for (const Difference& difference : differences) {
    if (difference.path != "seed") paths.push_back(difference.path);
  }
  return paths;
}

// What the runs have in one of the fields in which they differ.
const std::vector<std::string>& ValuesOf(const std::string& option, const std::string& path,
                                         const std::vector<Difference>& differences) {
  const auto found = std::ranges::find(differences, path, &Difference::path);
  if (found != differences.end()) return found->values;
  ThrowUsage(fmt::format("{} {}: the runs do not differ in this field; they differ in: {}", option,
                         path, Join(PathsOf(differences))));
}

double NumberIn(const std::string& path, const std::string& text, const std::string& run) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  ThrowUsage(fmt::format("--against {}: no number in {}, but {}", path, run, text));
}

// Where each run stands on the axis.
std::vector<double> PlacesOf(const std::vector<ComparedRun>& runs, const std::string& against,
                             const std::vector<Difference>& differences) {
  std::vector<double> places;
  if (against == kParameters) {
    for (const ComparedRun& run : runs) {
      const auto& start = run.history.start();
      places.push_back(start ? static_cast<double>(start->parameters) : 0);
    }
    return places;
  }
  const auto& values = ValuesOf("--against", against, differences);
  for (size_t i = 0; i < runs.size(); ++i) {
    places.push_back(NumberIn(against, values[i], runs[i].name));
  }
  return places;
}

using Runs = std::vector<const ComparedRun*>;

void RequireSeedsAlone(const Runs& runs, const Trend& trend) {
  const auto paths = PathsOf(DifferencesOf(runs));
  if (paths.empty()) return;
  ThrowUsage(fmt::format(
      "--against {}: {} and {} stand at one place, but they differ in {}; --by FIELD draws a line "
      "for each value of a field",
      trend.against, runs.front()->name, runs.back()->name, Join(paths)));
}

// A fact of runs and the axis it is drawn on.
struct Judged {
  RunFact fact;
  std::string label;
  double scale = 1;
};

Judged WhatJudges(const std::vector<ComparedRun>& runs, const std::string& figure) {
  const auto facts = RunFacts(figure);
  const auto tested = std::ranges::find(facts, "test " + figure, &RunFact::name);
  const bool all_tested =
      tested != facts.end() && std::ranges::all_of(runs, [&](const ComparedRun& run) {
        return tested->value(run.history).has_value();
      });
  const auto fact = all_tested ? tested : std::ranges::find(facts, figure, &RunFact::name);
  Check(fact != facts.end(), "a figure that no fact of runs has");
  const bool percent = fact->unit == " %";
  const std::string split = all_tested ? "" : "validation ";
  return {*fact, split + fact->name + (percent ? " (%)" : ""), percent ? 100.0 : 1.0};
}

Series LineOf(const std::string& name, const std::map<double, Runs>& places, const Judged& judged) {
  Series line;
  line.name = name;
  const bool repeated =
      std::ranges::any_of(places, [](const auto& place) { return place.second.size() > 1; });
  for (const auto& [x, runs] : places) {
    std::vector<double> values;
    for (const ComparedRun* run : runs) {
      if (const auto value = judged.fact.value(run->history)) {
        values.push_back(judged.scale * *value);
      }
    }
    if (values.empty()) continue;
    line.x.push_back(x);
    line.y.push_back(SpreadOf(values).mean);
    if (!repeated) continue;
    line.low.push_back(std::ranges::min(values));
    line.high.push_back(std::ranges::max(values));
  }
  return line;
}

}  // namespace

Chart TrendChart(const std::vector<ComparedRun>& runs, const std::string& figure,
                 const Trend& trend) {
  Runs all;
  for (const ComparedRun& run : runs) all.push_back(&run);
  const auto differences = DifferencesOf(all);
  const auto places = PlacesOf(runs, trend.against, differences);
  std::vector<std::string> order;  // of lines, as the runs come
  std::map<std::string, std::map<double, Runs>> lines;
  for (size_t i = 0; i < runs.size(); ++i) {
    const std::string name = trend.by.empty()
                                 ? ""
                                 : fmt::format("{} {}", trend.by.substr(trend.by.rfind('.') + 1),
                                               ValuesOf("--by", trend.by, differences)[i]);
    if (!lines.contains(name)) order.push_back(name);
    lines[name][places[i]].push_back(&runs[i]);
  }
  for (const auto& [name, line] : lines) {
    for (const auto& [place, at] : line) RequireSeedsAlone(at, trend);
  }

  const Judged judged = WhatJudges(runs, figure);
  Chart chart;
  chart.x_label = trend.against;
  chart.y_label = judged.label;
  const auto [low, high] = std::ranges::minmax(places);
  chart.log_x = low > 0 && high >= kWide * low;
  chart.direct_labels = order.size() <= kMostLabels;
  for (size_t i = 0; i < order.size(); ++i) {
    Series line = LineOf(order[i], lines[order[i]], judged);
    line.colour = static_cast<int>(i);
    AddLineWithPoints(std::move(line), &chart);
  }
  return chart;
}

}  // namespace seve
