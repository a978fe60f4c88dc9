#include "report/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "config/differences.h"
#include "report/learning_curves.h"
#include "report/run_facts.h"
#include "report/spread.h"
#include "report/text_table.h"

namespace seve {
namespace {

constexpr size_t kWidestValue = 40;  // of a configuration's field

bool Has(const std::vector<std::string>& figures, const std::string& figure) {
  return std::ranges::find(figures, figure) != figures.end();
}

std::vector<std::string> CommonFigures(const std::vector<ComparedRun>& runs) {
  std::vector<std::string> common = runs.front().history.Figures();
  for (const ComparedRun& run : runs) {
    const auto figures = run.history.Figures();
    std::erase_if(common, [&](const std::string& figure) { return !Has(figures, figure); });
  }
  return common;
}

std::string ChooseFigure(const std::vector<ComparedRun>& runs, const std::string& wanted) {
  for (const ComparedRun& run : runs) {
    if (!run.history.evaluations().empty()) continue;
    ThrowUsage(fmt::format(
        "{}: this run has not been evaluated yet, so there is nothing to compare", run.name));
  }
  std::string figure = wanted;
  if (figure.empty()) figure = Has(runs[0].history.Figures(), "accuracy") ? "accuracy" : "loss";
  for (const ComparedRun& run : runs) {
    const auto figures = run.history.Figures();
    if (Has(figures, figure)) continue;
    ThrowUsage(fmt::format(
        "{}: this run was judged by {}, not by '{}'; what all of them have, for --metric: {}",
        run.name, Join(figures), figure, Join(CommonFigures(runs))));
  }
  return figure;
}

// Two runs of one seed are no two samples.
bool DifferBySeedAlone(const config::Config& one, const config::Config& other) {
  if (one.seed() == other.seed()) return false;
  const std::vector<config::Config> both = {one, other};
  return std::ranges::all_of(Differences(both),
                             [](const Difference& field) { return field.path == "seed"; });
}

std::string EpochsText(double epochs) {
  const bool whole = std::abs(epochs - std::round(epochs)) < 1e-6;
  return whole ? fmt::format("{:.0f}", epochs) : fmt::format("{:.2f}", epochs);
}

}  // namespace

Comparison::Comparison(std::vector<ComparedRun> runs, const std::string& figure)
    : runs_(std::move(runs)), figure_(ChooseFigure(runs_, figure)) {
  for (const ComparedRun& run : runs_) {
    const auto found = std::ranges::find_if(groups_, [&](const Group& group) {
      return std::ranges::all_of(group, [&](const ComparedRun* member) {
        return DifferBySeedAlone(member->config, run.config);
      });
    });
    if (found == groups_.end()) {
      groups_.push_back({&run});
    } else {
      found->push_back(&run);
    }
  }
}

std::string Comparison::Results(const Terminal& terminal) const {
  auto facts = RunFacts(figure_);
  std::erase_if(facts, [this](const RunFact& fact) {
    return std::ranges::none_of(
        runs_, [&](const ComparedRun& run) { return fact.value(run.history).has_value(); });
  });
  std::vector<TextTable::Column> columns = {{.heading = "run"},
                                            {.heading = "ranks", .right = true},
                                            {.heading = "epochs", .right = true}};
  for (const RunFact& fact : facts) columns.push_back({.heading = fact.name, .right = true});
  TextTable table(columns);
  for (const ComparedRun& run : runs_) {
    const auto& start = run.history.start();
    std::vector<std::string> row = {run.name, start ? std::to_string(start->world) : "-",
                                    EpochsText(run.history.epoch())};
    for (const RunFact& fact : facts) {
      const auto value = fact.value(run.history);
      row.push_back(value ? fact.text(*value) + fact.unit : "-");
    }
    table.Add(row);
  }
  std::string text = table.Text(terminal);
  for (const Group& group : groups_) {
    if (group.size() > 1) text += "\n" + SpreadText(group, terminal);
  }
  return text;
}

std::string Comparison::SpreadText(const Group& group, const Terminal& terminal) const {
  const char* plus_minus = terminal.utf8 ? "±" : "+-";
  std::vector<std::string> seeds;
  for (const ComparedRun* run : group) seeds.push_back(std::to_string(run->config.seed()));
  std::string text =
      fmt::format("{} and {} more, of seeds {}: mean {} standard deviation (n = {}, over n - 1)\n",
                  group.front()->name, group.size() - 1, Join(seeds), plus_minus, group.size());
  for (const RunFact& fact : RunFacts(figure_)) {
    std::vector<double> values;
    for (const ComparedRun* run : group) {
      if (const auto value = fact.value(run->history)) values.push_back(*value);
    }
    if (values.size() != group.size()) continue;
    const Spread spread = SpreadOf(values);
    text += fmt::format("  {} {} {} {}{}\n", PadRight(fact.name, 16), fact.text(spread.mean),
                        plus_minus, fact.text(spread.deviation), fact.unit);
  }
  return text;
}

std::string Comparison::Settings(const Terminal& terminal) const {
  std::vector<TextTable::Column> columns = {{.heading = "setting"}};
  std::vector<config::Config> configs;
  for (const ComparedRun& run : runs_) {
    columns.push_back({.heading = run.name});
    configs.push_back(run.config);
  }
  TextTable table(columns);
  const auto differences = Differences(configs);
  if (differences.empty()) return "The configurations are equal.\n";
  for (const Difference& difference : differences) {
    std::vector<std::string> row = {difference.path};
    for (const auto& value : difference.values) row.push_back(Shorten(value, kWidestValue));
    table.Add(row);
  }
  return table.Text(terminal);
}

std::vector<Chart> Comparison::Charts() const {
  std::vector<CurveGroup> groups;
  for (const Group& group : groups_) {
    const std::string& first = group.front()->name;
    CurveGroup& curves = groups.emplace_back();
    curves.name =
        group.size() == 1 ? first : fmt::format("{}, mean of {} seeds", first, group.size());
    for (const ComparedRun* run : group) curves.runs.push_back(&run->history);
  }
  std::vector<Chart> charts = {ComparedCurves(groups, figure_)};
  if (figure_ != "loss") charts.push_back(ComparedCurves(groups, "loss"));
  return charts;
}

}  // namespace seve
