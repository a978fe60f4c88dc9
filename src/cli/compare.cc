#include "cli/compare.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/terminal.h"
#include "cli/data_root.h"
#include "cli/fits.h"
#include "config/load.h"
#include "report/comparison.h"
#include "report/comparison_csv.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

struct CompareOptions {
  std::vector<std::string> runs;
  std::string metric, csv, figure, fits, data;
};

void RequireRun(const std::string& path) {
  const auto has = [&](const char* name) { return fs::exists(fs::path(path) / name); };
  if (!fs::exists(path)) ThrowUsage(fmt::format("{}: there is no such run", path));
  if (has("MANIFEST")) {
    ThrowUsage(fmt::format("{} is a checkpoint: give the run directory it lies in", path));
  }
  if (!has("config.textproto")) {
    ThrowUsage(fmt::format("{} is no run directory: there is no config.textproto in it", path));
  }
  if (!has("metrics.jsonl")) {
    ThrowUsage(
        fmt::format("{}: there is no metrics.jsonl in this run, so nothing to compare", path));
  }
}

std::vector<ComparedRun> ReadRuns(const std::vector<std::string>& paths) {
  std::vector<ComparedRun> runs;
  std::set<fs::path> seen;
  for (const std::string& path : paths) {
    RequireRun(path);
    if (!seen.insert(fs::canonical(path)).second) {
      ThrowUsage(fmt::format("{}: give each run once", path));
    }
    runs.push_back({.name = path,
                    .config = LoadConfiguration(path + "/config.textproto", {}).proto,
                    .history = History::Read(path + "/metrics.jsonl")});
  }
  return runs;
}

int Compare(const CompareOptions& options) {
  const auto runs = ReadRuns(options.runs);
  const Comparison comparison(runs, options.metric);
  const Terminal terminal = DetectTerminal(STDOUT_FILENO);
  fmt::print("{}\n{}", comparison.Results(terminal), comparison.Settings(terminal));
  if (!options.csv.empty()) WriteFileAtomically(options.csv, ComparisonCsv(runs));
  if (!options.figure.empty()) SaveFigure(*StackedCharts(comparison.Charts()), options.figure);
  if (!options.fits.empty()) {
    SaveFigure(*FitChart("Fits", FitsOf(options.runs, DataRoot(options.data))), options.fits);
  }
  return 0;
}

}  // namespace

void AddCompareCommand(CLI::App& app, std::function<int()>* action) {
  auto options = std::make_shared<CompareOptions>();
  auto* command = app.add_subcommand(
      "compare", "Set runs beside each other: results, settings that differ, spread over seeds");
  command->add_option("runs", options->runs, "Two or more run directories")
      ->type_name("RUN")
      ->required()
      ->expected(2, -1);
  command
      ->add_option("--metric", options->metric,
                   "Figure to compare by: accuracy, loss or one of evaluation.metrics; unset: "
                   "accuracy where there is one")
      ->type_name("NAME");
  command
      ->add_option("--csv", options->csv,
                   "Write every evaluation's figures, a line a run and epoch")
      ->type_name("FILE");
  command
      ->add_option(
          "--figure", options->figure,
          "Draw the validation curves over each other: STEM.svg, STEM.pdf, STEM.png; of runs "
          "that differ in their seed, mean and standard deviation")
      ->type_name("STEM");
  command
      ->add_option("--fits", options->fits,
                   "Draw models of one input and one output over each other and their data: "
                   "STEM.svg, STEM.pdf, STEM.png")
      ->type_name("STEM");
  command->add_option("--data", options->data, kDataHelp)->type_name("DIR");
  command->callback([options, action] { *action = [options] { return Compare(*options); }; });
}

}  // namespace seve
