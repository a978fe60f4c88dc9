// The training loop of one rank: steps, evaluations and checkpoints in their order.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/arenas.h"
#include "model/executor.h"
#include "train/batch_geometry.h"
#include "train/context.h"
#include "train/decisions.h"
#include "train/exhibits.h"
#include "train/judge.h"
#include "train/pace.h"
#include "train/reporter.h"
#include "train/saver.h"
#include "train/setup.h"

namespace seve {

class Trainer {
 public:
  // Collective. `run_directory` is written by rank 0 alone. All that is referred to must outlive
  // the trainer.
  Trainer(const Setup& setup, const BatchGeometry& geometry, const Context& context,
          std::string run_directory);

  // Goes on from a checkpoint: rank 0 passes it, the others pass null. Collective. Throws
  // AgreedError when the configuration does not go on where the checkpoint stopped
  // (train/snapshot.h).
  void Resume(const LoadedCheckpoint* checkpoint);

  // Trains to the end or until it stops early, judges the test set, reports. Collective. Asked to
  // stop (base/signals.h, any rank), it writes a checkpoint after the current step and ends with
  // kStopped. Throws AgreedError when loss or gradients are not finite or replicas differ; any
  // other exception is of this rank alone.
  EndEvent Run();

  [[nodiscard]] int64_t steps_done() const { return step_; }
  [[nodiscard]] int64_t total_steps() const { return total_steps_; }

 private:
  void Begin();
  ExitCode TrainToEnd();
  void Step();
  // What a step came to, some steps after it on a GPU.
  void Note(const StepOutcome& outcome);
  // Waits until every started step is over and noted. All ranks do so at the same steps, so that
  // all know the same.
  void Settle();
  void SaveLossScale(config::TrainingState* state) const;
  // On rank 0: present when it is the best so far.
  std::optional<Improvement> Validate();
  std::optional<Improvement> NoteIfBest(const Judgement& judgement);
  Judgement Evaluate(Split split);
  void RestoreBest();
  // The test set, pictures of predictions.
  void JudgeAtEnd();
  void Save(const std::optional<Improvement>& improvement);  // rank 0 alone
  // Waits until rank 0's latest checkpoint is written: how that ended. Collective.
  ExitCode WaitForCheckpoint();
  EndEvent Finish(ExitCode code, const std::string& reason);  // collective
  void BroadcastReplica();
  void EnterSection(double deadline, const char* name);

  [[nodiscard]] bool IsRoot() const { return context_.communicator.rank() == 0; }
  [[nodiscard]] bool ComparesReplicas(int64_t step) const;  // after so many steps
  [[nodiscard]] double Epoch(int64_t step) const;
  [[nodiscard]] double LearningRate(int64_t step) const;
  [[nodiscard]] Moment Now() const;
  [[nodiscard]] const config::Config& config() const { return setup_.configuration.proto; }

  const Setup& setup_;
  const BatchGeometry& geometry_;
  const Context& context_;
  std::string run_directory_;
  ParameterArena parameters_;
  std::unique_ptr<Executor> executor_;
  Judge judge_;
  Reporter reporter_;
  Exhibits exhibits_;
  Saver saver_;
  Decisions decisions_;
  MonitoredFigure best_figure_;
  Pace evaluation_pace_, checkpoint_pace_;
  int64_t total_steps_;
  double base_rate_;

  std::unique_ptr<Loader> loader_;
  std::vector<Slice> slices_;  // of the current step
  int64_t step_ = 0;           // updates done
  double rate_ = 0;            // of the latest update
  Stopwatch lap_;              // since the latest outcome, or the first step after a pause
  bool under_way_ = false;     // some started step is not yet noted
  StepSums noted_;             // of the latest step noted
  bool may_save_ = false;      // after the latest step, as far as every rank knows
  std::optional<int64_t> resumed_at_;
};

}  // namespace seve
