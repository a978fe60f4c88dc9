// metrics.jsonl: one JSON object a line, flushed, for programs that read along.
//
// `event` is "start", "step", "evaluation", "checkpoint", "statistics" or "end". Accuracies are 0
// to 1, losses as computed. A value that is not finite is written as null, and the line then has
// "non_finite": true. Fields that do not apply are left out.
//
// Each configured metric is a field of its own ("top_5": 0.99) on evaluation lines. The confusion
// of up to 20 classes, "confusion": [[...], ...] (truth, said) with "class_names", stands on the
// line of the test set or, where there is none, on the end line for the last validation. Statistics
// have a line for each parameter's values and one for its gradient.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "report/line_file.h"
#include "train/events.h"

namespace seve {

class MetricsJsonl : public RunObserver {
 public:
  // resumed_at: the checkpoint's step. Lines of later steps and ends of earlier starts are then
  // cut; without it the file starts empty. Throws Error(kData), as every event does, when the file
  // cannot be written.
  MetricsJsonl(const std::string& path, std::optional<int64_t> resumed_at);

  void OnStart(const RunSummary& summary) override;
  void OnStep(const StepEvent& event) override;
  void OnEvaluation(const EvaluationEvent& event) override;
  void OnCheckpoint(const CheckpointEvent& event) override;
  void OnStatistics(const StatisticsEvent& event) override;
  void OnEnd(const EndEvent& event) override;

 private:
  LineFile file_;
  std::optional<Confusion> validation_;  // the latest, until the test set is judged
};

// Whether a run that goes on from the checkpoint of `step` keeps this line. Lines this program did
// not write (no object, no step) are left alone.
bool BelongsBefore(std::string_view line, int64_t step);

}  // namespace seve
