// Keeps the figures of a run (losses, accuracies, speeds, times) and tells the observers of them.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "config/checkpoint.pb.h"
#include "train/context.h"
#include "train/judge.h"
#include "train/meter.h"
#include "train/pace.h"

namespace seve {

// Where a run stands when something is told.
struct Moment {
  int64_t step = 0;          // updates done
  double epoch = 0;          // the same, fractional
  double learning_rate = 0;  // of the latest update
};

class Reporter {
 public:
  // classification: are accuracies meaningful? pace: of the step lines.
  Reporter(const Context& context, bool classification, Pace pace);

  void Start(const RunSummary& summary);
  void Step(const Moment& now, const StepSums& sums, double step_seconds);
  // An evaluation; that of the validation split is told with the training means since the one
  // before, whether it is the best so far and what it led to.
  void Evaluation(const Moment& now, const Judgement& judgement, bool improved = false,
                  std::vector<std::string> notes = {});
  void Epoch(const Moment& now);
  void Checkpoint(CheckpointEvent event);
  // The test set judges the best checkpoint, whose model is at this path.
  void RestoredBest(const std::string& model_path) {
    end_.restored_best = true;
    end_.model_path = model_path;
  }
  EndEvent End(const Moment& now, ExitCode code, const std::string& reason,
               const config::Best& best);

  template <typename Event>
  void Tell(void (RunObserver::*receive)(const Event&), const Event& event) const {
    for (RunObserver* observer : context_.observers) (observer->*receive)(event);
  }
  // Since the run started, over all starts.
  [[nodiscard]] double Seconds() const { return seconds_before_ + clock_.Seconds(); }

  // The part of a checkpoint's state that is the reporter's: intervals under way and time spent.
  void Save(config::TrainingState* state) const;
  void Restore(const config::TrainingState& state, const std::string& model_path);

 private:
  [[nodiscard]] std::optional<double> IfAny(double accuracy) const;

  const Context& context_;
  bool classification_;
  Pace pace_;
  Meter since_report_, since_validation_, since_epoch_, this_start_;
  std::optional<EvaluationEvent> validation_;    // the latest within the epoch
  std::optional<EvaluationEvent> judged_train_;  // the same of the training samples
  EndEvent end_;
  Stopwatch clock_, progress_clock_;
  double seconds_before_ = 0;  // of earlier starts of this run
};

}  // namespace seve
