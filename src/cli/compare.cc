#include "cli/compare.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/terminal.h"
#include "cli/compared_runs.h"
#include "cli/data_root.h"
#include "cli/fits.h"
#include "report/comparison.h"
#include "report/comparison_csv.h"
#include "report/scaling_figure.h"
#include "report/scaling_table.h"
#include "report/trend.h"

namespace seve {
namespace {

struct CompareOptions {
  std::vector<std::string> runs;
  std::string metric, csv, figure, fits, data;
  Trend trend;
  bool scaling = false;
};

// How the runs ended and where their configurations differ.
void ShowResults(const CompareOptions& options, const ComparedRuns& read) {
  const Comparison comparison(read.runs, options.metric);
  const Terminal terminal = DetectTerminal(STDOUT_FILENO);
  fmt::print("{}\n{}", comparison.Results(terminal), comparison.Settings(terminal));
  if (!options.csv.empty()) WriteFileAtomically(options.csv, ComparisonCsv(read.runs));
  if (options.figure.empty()) return;
  std::vector<Chart> charts = comparison.Charts();
  if (!options.trend.against.empty()) {
    charts = {TrendChart(read.runs, comparison.figure(), options.trend)};
  }
  SaveFigure(*StackedCharts(std::move(charts)), options.figure);
}

// How their speed grows with the ranks.
void ShowScaling(const CompareOptions& options, const std::vector<ScalingLine>& lines) {
  fmt::print("{}", ScalingTable(lines, DetectTerminal(STDOUT_FILENO)));
  if (!options.csv.empty()) WriteFileAtomically(options.csv, ScalingCsv(lines));
  if (!options.figure.empty()) SaveFigure(*StackedCharts(ScalingCharts(lines)), options.figure);
}

void RequireScaling(const std::vector<ScalingLine>& lines) {
  if (HasScaling(lines)) return;
  ThrowUsage(
      "--scaling needs runs that differ in their ranks alone (besides the seed), for example those "
      "of launch/sweep --ranks 1,2");
}

bool DifferInRanks(const ComparedRuns& read) {
  std::set<int> ranks;
  for (const ComparedRun& run : read.runs) {
    if (run.history.start()) ranks.insert(run.history.start()->world);
  }
  return ranks.size() > 1;
}

bool AllJudged(const ComparedRuns& read) {
  return std::ranges::none_of(
      read.runs, [](const ComparedRun& run) { return run.history.evaluations().empty(); });
}

int Compare(const CompareOptions& options) {
  if (!options.trend.against.empty() && options.figure.empty()) {
    ThrowUsage("--against is drawn: give --figure STEM as well");
  }
  const ComparedRuns read = ReadComparedRuns(options.runs);
  for (const std::string& warning : read.warnings) fmt::print(stderr, "{}\n", warning);
  std::vector<ScalingLine> lines;
  if (options.scaling || (read.swept && DifferInRanks(read))) lines = ScalingOf(read.runs);
  if (options.scaling) RequireScaling(lines);
  if (!HasScaling(lines)) {
    ShowResults(options, read);
  } else {
    if (!options.scaling && AllJudged(read)) {
      const Comparison comparison(read.runs, options.metric);
      fmt::print("{}\n", comparison.Results(DetectTerminal(STDOUT_FILENO)));
    }
    ShowScaling(options, lines);
  }
  if (!options.fits.empty()) {
    SaveFigure(*FitChart("Fits", FitsOf(read.paths, DataRoot(options.data))), options.fits);
  }
  return 0;
}

}  // namespace

void AddCompareCommand(CLI::App& app, std::function<int()>* action) {
  auto options = std::make_shared<CompareOptions>();
  auto* command = app.add_subcommand(
      "compare", "Set runs beside each other: results, settings that differ, spread over seeds");
  command
      ->add_option("runs", options->runs,
                   "Two or more run directories, or the directory of a launch/sweep: its points")
      ->type_name("RUN")
      ->required()
      ->expected(1, -1);
  command->add_flag("--scaling", options->scaling,
                    "Only how speed grows with the ranks: speed-up and efficiency against the "
                    "fewest ranks; --csv and --figure are then of these. So they are of a "
                    "launch/sweep over ranks");
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
  auto* against =
      command
          ->add_option(
              "--against", options->trend.against,
              "Draw instead what came of each run, on the test set or else the validation "
              "split, against a field in which they differ (model.c.repeat) or against the "
              "number of their parameters (parameters)")
          ->type_name("FIELD");
  command
      ->add_option("--by", options->trend.by, "With --against: a line for each value of this field")
      ->type_name("FIELD")
      ->needs(against);
  command
      ->add_option("--fits", options->fits,
                   "Draw models of one input and one output over each other and their data: "
                   "STEM.svg, STEM.pdf, STEM.png")
      ->type_name("STEM");
  command->add_option("--data", options->data, kDataHelp)->type_name("DIR");
  command->callback([options, action] { *action = [options] { return Compare(*options); }; });
}

}  // namespace seve
