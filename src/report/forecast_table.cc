#include "report/forecast_table.h"

#include <fmt/format.h>

#include "base/text.h"
#include "report/style.h"
#include "report/text_table.h"

namespace seve {
namespace {

std::string Milli(double seconds) { return fmt::format("{:.3g}", 1e3 * seconds); }

ScalingLine Line(const ForecastLine& line) {
  ScalingLine scaling;
  scaling.settings = "forecast";
  scaling.weak = line.weak;
  scaling.batch = line.batch;
  for (const auto& point : line.points) {
    scaling.points.push_back({.ranks = point.step.ranks,
                              .batch = point.step.batch,
                              .speeds = {point.step.samples_per_second},
                              .median = point.step.samples_per_second,
                              .speedup = point.speedup,
                              .efficiency = point.efficiency});
  }
  return scaling;
}

}  // namespace

std::string ForecastTable(std::span<const ForecastLine> lines, const Terminal& terminal) {
  std::vector<TextTable::Column> columns = {{.heading = "scaling"}};
  for (const char* heading : {"ranks", "batch", "step ms", "compute", "exposed", "waiting",
                              "samples/s", "speed-up", "efficiency"}) {
    columns.push_back({.heading = heading, .right = true});
  }
  columns.push_back({.heading = "limited by"});
  TextTable table(columns);
  for (const auto& line : lines) {
    if (&line != &lines.front()) table.AddRule();
    for (const auto& [step, speedup, efficiency] : line.points) {
      const bool first = step.ranks == line.points.front().step.ranks;
      table.Add({first ? Line(line).Kind() : "", std::to_string(step.ranks),
                 WithThousands(step.batch), Milli(step.step),
                 Milli(step.feed + step.compute + step.contention + step.optimizer),
                 Milli(step.exposed_communication), Milli(step.jitter),
                 RateText(step.samples_per_second), fmt::format("{:.2f}", speedup),
                 fmt::format("{:.1f} %", 100 * efficiency), std::string(NameOf(step.limit))});
    }
  }
  std::string text =
      table.Text(terminal) +
      "compute: input, forward, backward and update, in ms; exposed: communication "
      "that backward does not hide;\nwaiting: for the slowest rank; docs/forecast.md "
      "says how, and how far published trainings are off\n";
  const bool proportional = !lines.empty() && !lines.front().points.empty() &&
                            lines.front().points.front().step.proportional;
  if (proportional) {
    text += "one batch was measured: smaller ones are forecast in proportion, and so too fast\n";
  }
  return text;
}

std::string AdviceText(std::span<const Advice> advice, int ranks) {
  if (advice.empty()) return fmt::format("on {} ranks no setting gains 2 % or more\n", ranks);
  std::string text = fmt::format("on {} ranks, each by itself:\n", ranks);
  for (const auto& one : advice) {
    text += fmt::format("  {:+5.1f} %  {}: {}", 100 * one.gain, one.configuration, one.change);
    text += one.price.empty() ? "\n" : fmt::format(" ({})\n", one.price);
  }
  return text;
}

std::string ForecastCsv(std::span<const ForecastLine> lines) {
  std::string text =
      "scaling,ranks,batch,samples_per_second,step_seconds,speedup,efficiency,feed,compute,"
      "contention,exposed,waiting,optimizer,limit\n";
  for (const auto& line : lines) {
    for (const auto& [step, speedup, efficiency] : line.points) {
      text +=
          fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", line.weak ? "weak" : "strong",
                      step.ranks, step.batch, step.samples_per_second, step.step, speedup,
                      efficiency, step.feed, step.compute, step.contention,
                      step.exposed_communication, step.jitter, step.optimizer, NameOf(step.limit));
    }
  }
  return text;
}

std::vector<ScalingLine> AsScaling(std::span<const ForecastLine> lines) {
  std::vector<ScalingLine> scaling;
  for (const auto& line : lines) scaling.push_back(Line(line));
  return scaling;
}

}  // namespace seve
