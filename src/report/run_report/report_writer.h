// Keeps RUN/report.html and the learning curves up to date.
#pragma once

#include <string>

#include "report/drawing_budget.h"
#include "train/events.h"

namespace seve {

// Writes them at the end, and at validations as long as that has taken less than one hundredth of
// the time since this start of the run. Comes after the observers that write what is shown.
class ReportWriter : public RunObserver {
 public:
  // Every event throws Error(kData) when a file cannot be read or written.
  explicit ReportWriter(std::string run_directory) : run_directory_(std::move(run_directory)) {}

  void OnModel(const ModelEvent& event) override { budget_.Begin(event.seconds); }
  void OnEvaluation(const EvaluationEvent& event) override;
  void OnEnd(const EndEvent& event) override;

 private:
  void Write();

  std::string run_directory_;
  DrawingBudget budget_{0.01, 0.25};
};

}  // namespace seve
