// Predictions as a CSV table: a line a sample.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seve {

class PredictionCsv {
 public:
  // class_names: of a classifier; empty for regression of `outputs` values. `truths`: whether the
  // truth is known. Columns: sample, truth, said, probability and the probability of each class
  // ("p_cat"); or sample, target_0, …, output_0, … (without numbers where there is one).
  PredictionCsv(std::vector<std::string> class_names, size_t outputs, bool truths);

  // Scores of the model; truth: the class, -1 where it is not known.
  void AddClassified(std::string_view sample, std::span<const float> scores, int truth = -1);
  void AddRegression(std::string_view sample, std::span<const float> outputs,
                     std::span<const float> target = {});

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void AddLine(const std::vector<std::string>& cells);

  std::vector<std::string> class_names_;
  std::string text_;
};

}  // namespace seve
