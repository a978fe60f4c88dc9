#include "report/comparison_csv.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/csv_cell.h"

namespace seve {
namespace {

// "loss", "accuracy" and the metrics of any run.
std::vector<std::string> AllFigures(std::span<const ComparedRun> runs) {
  std::vector<std::string> all = {"loss", "accuracy"};
  for (const ComparedRun& run : runs) {
    for (const std::string& figure : run.history.Figures()) {
      if (std::ranges::find(all, figure) == all.end()) all.push_back(figure);
    }
  }
  return all;
}

std::string LineOf(const ComparedRun& run, const EvaluationEvent& event,
                   const std::vector<std::string>& figures) {
  std::string line =
      fmt::format("{},{},{},{},{},{:.3f},{},{},{}", CsvCell(run.name), run.config.seed(),
                  event.split, event.epoch, event.step, event.seconds, event.learning_rate,
                  CsvCell(event.train_loss), CsvCell(event.train_accuracy));
  for (const auto& figure : figures) line += "," + CsvCell(FigureOf(event, figure));
  return line + fmt::format(",{:.1f}\n", event.train_samples_per_second);
}

}  // namespace

std::string ComparisonCsv(std::span<const ComparedRun> runs) {
  const auto figures = AllFigures(runs);
  std::string text = "run,seed,split,epoch,step,seconds,learning_rate,train_loss,train_accuracy";
  for (const auto& figure : figures) text += "," + CsvCell(figure);
  text += ",samples_per_second\n";
  for (const ComparedRun& run : runs) {
    for (const EvaluationEvent& event : run.history.evaluations()) {
      text += LineOf(run, event, figures);
    }
  }
  return text;
}

}  // namespace seve
