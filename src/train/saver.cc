#include "train/saver.h"

#include "base/clock.h"

namespace seve {

void Saver::Save(const Moment& now, const CheckpointContent& content, bool is_best) {
  const Stopwatch watch;
  Wait();
  moment_ = now;
  writer_.Start(content, is_best);
  pause_seconds_ = watch.Seconds();
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
    if (outcome.is_best) best_ = saved_best_;
    context_.logger.Error(std::string("checkpoint not written: ") + outcome.failure->what());
    return;
  }
  failure_ = ExitCode::kDone;
  if (outcome.is_best) saved_best_ = best_;
  reporter_.Checkpoint(moment_, outcome.path, pause_seconds_, outcome.seconds);
}

}  // namespace seve
