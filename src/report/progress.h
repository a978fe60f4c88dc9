// Shows where training is: on a terminal one line rewritten in place at most ten times a second,
// with a line kept for each evaluation; elsewhere plain lines at evaluations, and at most one every
// 30 s between.
#pragma once

#include <functional>
#include <ostream>

#include "base/terminal.h"
#include "report/progress_line.h"
#include "train/events.h"

namespace seve {

class Progress : public RunObserver {
 public:
  // `terminal` is asked before each line: windows change their width.
  Progress(std::ostream& out, std::function<Terminal()> terminal)
      : out_(out), terminal_(std::move(terminal)) {}

  void OnStart(const RunSummary& summary) override;
  void OnStep(const StepEvent& event) override;
  void OnEvaluation(const EvaluationEvent& event) override;
  void OnCheckpoint(const CheckpointEvent& event) override;
  void OnTrace(const TraceEvent& event) override;
  void OnEnd(const EndEvent& event) override;

 private:
  [[nodiscard]] ProgressState StateAt(const StepEvent& event) const;
  [[nodiscard]] bool Due(const StepEvent& event, const Terminal& terminal) const;
  void Draw(const StepEvent& event, const Terminal& terminal);
  void Keep(const std::string& line);
  void Erase();

  std::ostream& out_;
  std::function<Terminal()> terminal_;
  int64_t total_steps_ = 0, steps_per_epoch_ = 0;
  double epochs_ = 0;
  bool validates_ = true;
  bool resumed_ = false;
  std::optional<StepEvent> first_;  // of this start: the rate is measured from here
  std::optional<double> drawn_at_;  // seconds of the last line
  double kept_at_ = 0;              // seconds of the last evaluation
  bool standing_ = false;           // a line that will be rewritten is on the screen
};

}  // namespace seve
