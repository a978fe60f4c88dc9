#include "train/saver.h"

#include "base/clock.h"

namespace seve {

void Saver::Save(const Moment& now, bool is_best, const std::function<CheckpointContent()>& take) {
  const Stopwatch watch;
  Wait();
  writer_.Start(take(), is_best);
  pending_ = {.moment = now, .pause_seconds = watch.Seconds(), .is_best = is_best, .best = best_};
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
    if (pending_.is_best && best_.step() == pending_.best.step()) best_ = saved_best_;
    context_.logger.Error(std::string("checkpoint not written: ") + outcome.failure->what());
    return;
  }
  if (forgives_) failure_ = ExitCode::kDone;
  if (pending_.is_best) saved_best_ = pending_.best;
  reporter_.Checkpoint(pending_.moment, outcome.path, pending_.pause_seconds, outcome.seconds);
}

}  // namespace seve
