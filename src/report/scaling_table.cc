#include "report/scaling_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/csv_cell.h"
#include "report/style.h"
#include "report/text_table.h"

namespace seve {
namespace {

// Seconds of a step: "275 µs", "1.82 ms", "2.40 s".
std::string StepText(double seconds, const Terminal& terminal) {
  if (seconds >= 1) return fmt::format("{:.2f} s", seconds);
  if (seconds >= 1e-3) return fmt::format("{:.2f} ms", 1e3 * seconds);
  return fmt::format("{:.0f} {}s", 1e6 * seconds, terminal.utf8 ? "µ" : "u");
}

std::string Percentage(double fraction) { return fmt::format("{:.1f} %", 100 * fraction); }

double StepSeconds(const ScalingPoint& point) {
  return static_cast<double>(point.batch) / point.median;
}

}  // namespace

std::string ScalingTable(std::span<const ScalingLine> lines, const Terminal& terminal) {
  const bool named =
      std::ranges::any_of(lines, [](const auto& line) { return line.settings != ""; });
  std::vector<TextTable::Column> columns;
  if (named) columns.push_back({.heading = "setting"});
  columns.push_back({.heading = "scaling"});
  for (const char* heading :
       {"ranks", "batch", "runs", "samples/s", "spread", "step", "speed-up", "efficiency"}) {
    columns.push_back({.heading = heading, .right = true});
  }
  TextTable table(columns);
  for (const ScalingLine& line : lines) {
    if (&line != &lines.front()) table.AddRule();
    for (const ScalingPoint& point : line.points) {
      const bool first = &point == &line.points.front();
      std::vector<std::string> row;
      if (named) row.push_back(first ? line.settings : "");
      row.push_back(first ? line.Kind() : "");
      row.push_back(std::to_string(point.ranks));
      row.push_back(WithThousands(point.batch));
      row.push_back(std::to_string(point.speeds.size()));
      row.push_back(RateText(point.median));
      row.push_back(point.speeds.size() > 1 ? Percentage(point.spread()) : "-");
      row.push_back(StepText(StepSeconds(point), terminal));
      row.push_back(fmt::format("{:.2f}", point.speedup));
      row.push_back(Percentage(point.efficiency));
      table.Add(row);
    }
  }
  return table.Text(terminal) +
         "samples/s: training alone after the first epoch (of shorter runs, after the first logged "
         "steps); the median of runs\n"
         "spread: highest minus lowest run, of the median; speed-up and efficiency: against the "
         "fewest ranks of the setting\n";
}

std::string ScalingCsv(std::span<const ScalingLine> lines) {
  std::string text =
      "setting,scaling,ranks,batch,runs,samples_per_second,lowest,highest,step_seconds,speedup,"
      "efficiency\n";
  for (const ScalingLine& line : lines) {
    for (const ScalingPoint& point : line.points) {
      text += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", CsvCell(line.settings),
                          line.weak ? "weak" : "strong", point.ranks, point.batch,
                          point.speeds.size(), point.median, point.speeds.front(),
                          point.speeds.back(), StepSeconds(point), point.speedup, point.efficiency);
    }
  }
  return text;
}

}  // namespace seve
