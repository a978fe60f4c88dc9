// metrics.jsonl: one JSON object a line, flushed, for programs that read along.
//
// `event` is "step", "evaluation", "checkpoint" or "end". Accuracies are 0 to 1, losses as
// computed. A value that is not finite is written as null, and the line then has "non_finite":
// true. Fields that do not apply are left out.
#pragma once

#include <optional>
#include <string>

#include "report/line_file.h"
#include "train/events.h"

namespace seve {

class MetricsJsonl : public RunObserver {
 public:
  // resumed_at: the checkpoint's step. Lines of later steps and ends of earlier starts are then
  // cut; without it the file starts empty. Throws Error(kData), as every event does, when the file
  // cannot be written.
  MetricsJsonl(const std::string& path, std::optional<int64_t> resumed_at);

  void OnStep(const StepEvent& event) override;
  void OnEvaluation(const EvaluationEvent& event) override;
  void OnCheckpoint(const CheckpointEvent& event) override;
  void OnEnd(const EndEvent& event) override;

 private:
  LineFile file_;
};

}  // namespace seve
