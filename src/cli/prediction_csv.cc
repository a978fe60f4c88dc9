#include "cli/prediction_csv.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/score_counts.h"
#include "report/csv_cell.h"
#include "train/softmax.h"

namespace seve {
namespace {

void AppendNumbers(std::span<const float> values, std::vector<std::string>* cells) {
  for (const float value : values) cells->push_back(fmt::format("{}", value));
}

// "output", or "output_0" and so on.
void AppendNames(const char* name, size_t count, std::vector<std::string>* cells) {
  for (size_t i = 0; i < count; ++i) {
    cells->push_back(count == 1 ? std::string(name) : fmt::format("{}_{}", name, i));
  }
}

}  // namespace

PredictionCsv::PredictionCsv(std::vector<std::string> class_names, size_t outputs, bool truths)
    : class_names_(std::move(class_names)) {
  std::vector<std::string> header = {"sample"};
  if (class_names_.empty()) {
    if (truths) AppendNames("target", outputs, &header);
    AppendNames("output", outputs, &header);
  } else {
    if (truths) header.emplace_back("truth");
    header.insert(header.end(), {"said", "probability"});
    for (const std::string& name : class_names_) header.push_back("p_" + name);
  }
  AddLine(header);
}

void PredictionCsv::AddClassified(std::string_view sample, std::span<const float> scores,
                                  int truth) {
  const auto shares = Softmax(scores);
  const auto said = Highest(scores);
  std::vector<std::string> cells = {std::string(sample)};
  if (truth >= 0) cells.push_back(class_names_[static_cast<size_t>(truth)]);
  cells.push_back(class_names_[said]);
  cells.push_back(fmt::format("{}", shares[said]));
  AppendNumbers(shares, &cells);
  AddLine(cells);
}

void PredictionCsv::AddRegression(std::string_view sample, std::span<const float> outputs,
                                  std::span<const float> target) {
  std::vector<std::string> cells = {std::string(sample)};
  AppendNumbers(target, &cells);
  AppendNumbers(outputs, &cells);
  AddLine(cells);
}

void PredictionCsv::AddLine(const std::vector<std::string>& cells) {
  std::vector<std::string> quoted;
  for (const std::string& cell : cells) quoted.push_back(CsvCell(std::string_view(cell)));
  text_ += Join(quoted, ",") + "\n";
}

}  // namespace seve
