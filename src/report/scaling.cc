#include "report/scaling.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "config/differences.h"
#include "report/steady_speed.h"

namespace seve {
namespace {

struct Line {
  config::Config config;  // without its seed
  std::string kind;       // of device
  std::vector<const ComparedRun*> runs;
};

// "CPU", or the GPU's model: "NVIDIA H200" of "NVIDIA H200 (139.8 GiB), GPU 0, FP32, eager".
std::string DeviceKind(const ComparedRun& run) {
  if (!run.history.start()) return "CPU";
  const std::string& device = run.history.start()->device;
  return device.starts_with("CPU") ? "CPU" : device.substr(0, device.find(" ("));
}

std::vector<Line> LinesOf(std::span<const ComparedRun> runs) {
  std::vector<Line> lines;
  for (const ComparedRun& run : runs) {
    config::Config config = run.config;
    config.clear_seed();
    const auto found = std::ranges::find_if(lines, [&](const Line& line) {
      const std::vector<config::Config> both = {line.config, config};
      return line.kind == DeviceKind(run) && Differences(both).empty();
    });
    if (found == lines.end()) {
      lines.push_back({.config = config, .kind = DeviceKind(run), .runs = {&run}});
    } else {
      found->runs.push_back(&run);
    }
  }
  return lines;
}

std::string LastName(const std::string& path) { return path.substr(path.rfind('.') + 1); }

// What a line's configuration has that those of the others have not, fields by their last name
// where that says which, and its kind of device where lines have several.
std::vector<std::string> SettingsOf(const std::vector<Line>& lines) {
  std::vector<config::Config> configs;
  for (const Line& line : lines) configs.push_back(line.config);
  const auto differences = Differences(configs);
  std::map<std::string, int> uses;
  for (const Difference& field : differences) ++uses[LastName(field.path)];
  const bool mixed =
      std::ranges::any_of(lines, [&](const Line& line) { return line.kind != lines.front().kind; });
  std::vector<std::string> settings;
  for (size_t i = 0; i < lines.size(); ++i) {
    std::vector<std::string> parts;
    for (const Difference& field : differences) {
      // ScalingLine::Kind says that.
      if (field.path == "batch.size" || field.path == "batch.size_per_rank") continue;
      if (field.values[i] == "-") continue;
      const std::string last = LastName(field.path);
      parts.push_back((uses[last] > 1 ? field.path : last) + " " + field.values[i]);
    }
    if (mixed) parts.push_back(lines[i].kind);
    settings.push_back(Join(parts));
  }
  return settings;
}

double MedianOf(const std::vector<double>& ascending) {
  const size_t half = ascending.size() / 2;
  return ascending.size() % 2 == 1 ? ascending[half] : (ascending[half - 1] + ascending[half]) / 2;
}

std::vector<ScalingPoint> PointsOf(const Line& line) {
  std::map<int, ScalingPoint> points;
  for (const ComparedRun* run : line.runs) {
    const auto speed = SteadySpeed(run->history);
    if (!run->history.start() || !speed) {
      ThrowUsage(fmt::format(
          "{}: this run has logged no steps, so nobody knows how fast it trained", run->name));
    }
    const RunSummary& start = *run->history.start();
    ScalingPoint& point = points[start.world];
    point.ranks = start.world;
    point.batch = start.batch;
    point.speeds.push_back(*speed);
  }
  std::vector<ScalingPoint> ordered;
  for (auto& [ranks, point] : points) {
    std::ranges::sort(point.speeds);
    point.median = MedianOf(point.speeds);
    const ScalingPoint& first = ordered.empty() ? point : ordered.front();
    point.speedup = point.median / first.median;
    point.efficiency = point.speedup * first.ranks / point.ranks;
    ordered.push_back(point);
  }
  return ordered;
}

}  // namespace

std::string ScalingLine::Kind() const {
  return weak ? fmt::format("weak, {} samples a rank", WithThousands(batch))
              : fmt::format("strong, batch {}", WithThousands(batch));
}

std::vector<ScalingLine> ScalingOf(std::span<const ComparedRun> runs) {
  const std::vector<Line> lines = LinesOf(runs);
  const auto settings = SettingsOf(lines);
  std::vector<ScalingLine> scaling;
  for (size_t i = 0; i < lines.size(); ++i) {
    const auto& batch = lines[i].config.batch();
    const auto points = PointsOf(lines[i]);
    const bool weak = batch.has_size_per_rank();
    scaling.push_back({.settings = settings[i],
                       .weak = weak,
                       .batch = weak ? batch.size_per_rank() : points.front().batch,
                       .points = points});
  }
  return scaling;
}

bool HasScaling(std::span<const ScalingLine> lines) {
  return std::ranges::any_of(lines, [](const ScalingLine& line) { return line.points.size() > 1; });
}

}  // namespace seve
