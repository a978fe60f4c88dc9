#include "cli/compared_runs.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "config/load.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSweepFile = "sweep.json";  // launch/sweep writes it
constexpr size_t kMostNames = 5;

bool Has(const std::string& path, const char* name) { return fs::exists(fs::path(path) / name); }

void RequireRun(const std::string& path) {
  if (!fs::exists(path)) ThrowUsage(fmt::format("{}: there is no such run", path));
  if (Has(path, "MANIFEST")) {
    ThrowUsage(fmt::format("{} is a checkpoint: give the run directory it lies in", path));
  }
  if (!Has(path, "config.textproto")) {
    ThrowUsage(fmt::format("{} is no run directory: there is no config.textproto in it", path));
  }
  if (!Has(path, "metrics.jsonl")) {
    ThrowUsage(
        fmt::format("{}: there is no metrics.jsonl in this run, so nothing to compare", path));
  }
}

ComparedRun ReadRun(const std::string& path) {
  return {.name = path,
          .config = LoadConfiguration(path + "/config.textproto", {}).proto,
          .history = History::Read(path + "/metrics.jsonl")};
}

std::vector<std::string> PointNames(const std::string& sweep) {
  const std::string file = sweep + "/" + kSweepFile;
  const auto json = nlohmann::json::parse(ReadFile(file), nullptr, false);
  std::vector<std::string> names;
  if (json.is_object() && json.contains("points") && json["points"].is_array()) {
    for (const auto& point : json["points"]) {
      if (point.is_object() && point.contains("name") && point["name"].is_string()) {
        names.push_back(point["name"]);
      }
    }
  }
  if (names.empty()) ThrowUsage(fmt::format("{}: this is no list of points by launch/sweep", file));
  return names;
}

class Reader {
 public:
  void Add(const std::string& path) {
    if (Has(path, kSweepFile)) return AddSweep(path);
    RequireRun(path);
    Add(path, ReadRun(path));
  }

  [[nodiscard]] ComparedRuns Take() { return std::move(read_); }

 private:
  void Add(const std::string& path, ComparedRun run) {
    if (!seen_.insert(fs::canonical(path)).second) {
      ThrowUsage(fmt::format("{}: give each run once", path));
    }
    read_.paths.push_back(path);
    read_.runs.push_back(std::move(run));
  }

  void AddSweep(std::string sweep) {
    while (sweep.size() > 1 && sweep.ends_with('/')) sweep.pop_back();
    read_.swept = true;
    const auto names = PointNames(sweep);
    std::vector<std::string> missing;
    for (const std::string& name : names) {
      const std::string path = sweep + "/" + name;
      if (Has(path, "config.textproto") && Has(path, "metrics.jsonl")) {
        ComparedRun run = ReadRun(path);
        if (const auto& end = run.history.end(); end && end->exit_code == 0) {
          Add(path, std::move(run));
          continue;
        }
      }
      missing.push_back(name);
    }
    if (missing.empty()) return;
    read_.warnings.push_back(
        fmt::format("{}: {} of {} points are not complete and left out (the same launch/sweep "
                    "command runs them): {}",
                    sweep, missing.size(), names.size(), Join(FirstOf(missing, kMostNames))));
  }

  ComparedRuns read_;
  std::set<fs::path> seen_;
};

}  // namespace

ComparedRuns ReadComparedRuns(const std::vector<std::string>& paths) {
  Reader reader;
  for (const std::string& path : paths) reader.Add(path);
  ComparedRuns read = reader.Take();
  if (read.runs.size() < 2) {
    std::string message =
        fmt::format("runs: At least 2 required but received {}", read.runs.size());
    for (const std::string& warning : read.warnings) message += "\n" + warning;
    ThrowUsage(message);
  }
  return read;
}

}  // namespace seve
