// Rank 0's checkpoints: has them written behind training, tells how each write ended, and knows the
// best evaluation that a checkpoint holds.
#pragma once

#include <functional>

#include "base/error.h"
#include "train/checkpoint_writer.h"
#include "train/context.h"
#include "train/reporter.h"

namespace seve {

class Saver {
 public:
  // forgives: a write that succeeds makes up for one before that failed. Everything referred to
  // outlives it.
  Saver(CheckpointStore store, bool forgives, const Context& context, Reporter& reporter)
      : writer_(std::move(store)), forgives_(forgives), context_(context), reporter_(reporter) {}

  // Once the write before has ended and been reported: copies what take() gives and begins to write
  // it. improvement: present when it is the one of best().
  void Save(const Moment& now, const std::optional<Improvement>& improvement,
            const std::function<CheckpointContent()>& take);

  // Reports the write under way if it has ended; Wait() when it has.
  void Poll();
  void Wait();

  // Of the writes that ended; kDone: all is well.
  [[nodiscard]] ExitCode failure() const { return failure_; }

  // The best evaluation so far. One whose checkpoint could not be written is forgotten, so that
  // another takes its place.
  [[nodiscard]] const config::Best& best() const { return best_; }
  void SetBest(const config::Best& best) { best_ = best; }
  // The best of a run that is resumed: on disk already.
  void RestoreBest(const config::Best& best) { best_ = saved_best_ = best; }

 private:
  // The write under way.
  struct Pending {
    Moment moment;
    double pause_seconds = 0;  // before it
    std::optional<Improvement> improvement;
    config::Best best;
  };

  void Report(const CheckpointOutcome& outcome);

  CheckpointWriter writer_;
  bool forgives_;
  const Context& context_;
  Reporter& reporter_;
  Pending pending_;
  config::Best best_, saved_best_;  // the latter is on disk
  ExitCode failure_ = ExitCode::kDone;
};

}  // namespace seve
