// Rank 0's checkpoints: has them written behind training, tells how each write ended, and knows the
// best evaluation that a checkpoint holds.
#pragma once

#include "base/error.h"
#include "train/checkpoint_writer.h"
#include "train/context.h"
#include "train/reporter.h"

namespace seve {

class Saver {
 public:
  // Everything referred to outlives it.
  Saver(CheckpointStore store, const Context& context, Reporter& reporter)
      : writer_(std::move(store)), context_(context), reporter_(reporter) {}

  // Copies the content and begins to write it, once the write before has ended.
  void Save(const Moment& now, const CheckpointContent& content, bool is_best);

  // Reports the write under way if it has ended; Wait() when it has.
  void Poll();
  void Wait();

  // Of the latest write that ended; kDone: it succeeded, or there was none.
  [[nodiscard]] ExitCode failure() const { return failure_; }

  // The best evaluation so far. One whose checkpoint could not be written is forgotten, so that
  // another takes its place.
  [[nodiscard]] const config::Best& best() const { return best_; }
  void SetBest(const config::Best& best) { best_ = best; }
  // The best of a run that is resumed: on disk already.
  void RestoreBest(const config::Best& best) { best_ = saved_best_ = best; }

 private:
  void Report(const CheckpointOutcome& outcome);

  CheckpointWriter writer_;
  const Context& context_;
  Reporter& reporter_;
  double pause_seconds_ = 0;        // before it
  Moment moment_;                   // of the write under way
  config::Best best_, saved_best_;  // the latter is on disk
  ExitCode failure_ = ExitCode::kDone;
};

}  // namespace seve
