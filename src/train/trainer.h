// The training loop of one rank: steps, evaluations, checkpoints, and what is told about them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/cpu_executor.h"
#include "model/evaluator.h"
#include "train/batch_geometry.h"
#include "train/checkpoint.h"
#include "train/context.h"
#include "train/meter.h"
#include "train/pace.h"
#include "train/setup.h"

namespace seve {

class Trainer {
 public:
  // `run_directory` is written by rank 0 alone. All that is referred to must outlive the trainer.
  Trainer(const Setup& setup, const BatchGeometry& geometry, Context& context,
          std::string run_directory);

  // Goes on from a checkpoint: rank 0 passes it, the others pass null. Collective. Throws
  // AgreedError when it belongs to another model, optimizer or data set.
  void Resume(const LoadedCheckpoint* checkpoint);

  // Trains to the end, judges the test set, reports. Collective. Throws AgreedError when loss or
  // gradients are not finite; any other exception is of this rank alone.
  EndEvent Run();

 private:
  void Begin();
  StepSums Step();
  ExitCode TrainToEnd();
  void ReportStep();
  bool Validate();  // true when it is the best so far
  void Test();
  void WriteCheckpoint(bool is_best);
  EvaluationEvent Evaluate(const Dataset& data, int64_t samples, const char* split,
                           const std::function<int64_t(int64_t)>& index);
  bool UpdateBest(const EvaluationEvent& event);
  EndEvent Finish(ExitCode code, const std::string& reason);
  void BroadcastReplica();
  void EnterSection(double deadline, const char* name);

  template <typename Event>
  void Tell(void (RunObserver::*receive)(const Event&), const Event& event) {
    for (RunObserver* observer : context_.observers) (observer->*receive)(event);
  }

  [[nodiscard]] bool IsRoot() const { return context_.communicator.rank() == 0; }
  [[nodiscard]] double Epoch(int64_t step) const;
  [[nodiscard]] double LearningRate(int64_t step) const;
  [[nodiscard]] double Seconds() const { return seconds_before_ + clock_.Seconds(); }
  [[nodiscard]] std::optional<double> AccuracyIfAny(double accuracy) const;
  [[nodiscard]] const config::Config& config() const { return setup_.configuration.proto; }

  const Setup& setup_;
  const BatchGeometry& geometry_;
  Context& context_;
  std::string run_directory_;
  ParameterArena parameters_;
  CpuExecutor executor_;
  Evaluator evaluator_;
  CheckpointStore checkpoints_;
  Pace evaluation_pace_, checkpoint_pace_, report_pace_;
  int64_t total_steps_;
  double base_rate_;

  std::unique_ptr<Loader> loader_;
  std::vector<Slice> slices_;  // of the current step
  int64_t step_ = 0;           // updates done
  Meter since_report_, since_validation_, this_start_;
  config::Best best_;
  std::optional<int64_t> resumed_at_;
  int64_t checkpoint_step_ = -1;  // of the newest checkpoint written
  ExitCode write_failure_ = ExitCode::kDone;
  EndEvent end_;

  Stopwatch clock_, progress_clock_;
  double seconds_before_ = 0;  // of earlier starts of this run
};

}  // namespace seve
