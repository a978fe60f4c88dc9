#include "train/saver.h"

#include "base/clock.h"

namespace seve {

void Saver::Save(const Moment& now, const std::optional<Improvement>& improvement,
                 const std::function<CheckpointContent()>& take) {
  const Stopwatch watch;
  Wait();
  writer_.Start(take(), improvement.has_value());
  pending_ = {
      .moment = now, .pause_seconds = watch.Seconds(), .improvement = improvement, .best = best_};
}

void Saver::Poll() {
  if (const auto outcome = writer_.Poll()) Report(*outcome);
}

void Saver::Wait() {
  if (const auto outcome = writer_.Wait()) Report(*outcome);
}

void Saver::Report(const CheckpointOutcome& outcome) {
  for (const auto& warning : outcome.warnings) context_.logger.Warn(warning);
  if (outcome.failure) {
    failure_ = outcome.failure->code();
    // Unless a better one has been found since.
    if (pending_.improvement && best_.step() == pending_.best.step()) best_ = saved_best_;
    context_.logger.Error(std::string("checkpoint not written: ") + outcome.failure->what());
    return;
  }
  if (forgives_) failure_ = ExitCode::kDone;
  if (pending_.improvement) saved_best_ = pending_.best;
  reporter_.Checkpoint({.step = pending_.moment.step,
                        .epoch = pending_.moment.epoch,
                        .path = outcome.path,
                        .pause_seconds = pending_.pause_seconds,
                        .write_seconds = outcome.seconds,
                        .improvement = pending_.improvement});
}

}  // namespace seve
