#include "train/checkpoint_writer.h"

#include <chrono>
#include <filesystem>

#include "base/clock.h"

namespace seve {

void CheckpointWriter::Start(const CheckpointContent& content, bool is_best) {
  Check(!writing_.valid(), "a checkpoint is begun before the one before was waited for");
  EncodeCheckpoint(content, &files_);
  writing_ = std::async(std::launch::async, [this, is_best] { return Write(is_best); });
}

std::optional<CheckpointOutcome> CheckpointWriter::Poll() {
  const bool ended =
      writing_.valid() && writing_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  return ended ? Wait() : std::nullopt;
}

std::optional<CheckpointOutcome> CheckpointWriter::Wait() {
  if (!writing_.valid()) return std::nullopt;
  return writing_.get();
}

CheckpointOutcome CheckpointWriter::Write(bool is_best) {
  CheckpointOutcome outcome;
  const Stopwatch watch;
  try {
    outcome.path = store_.Write(files_, is_best, &outcome.warnings);
  } catch (const Error& error) {
    outcome.failure = error;
  } catch (const std::filesystem::filesystem_error& error) {
    outcome.failure = Error(ExitCode::kData, error.what());
  }
  outcome.seconds = watch.Seconds();
  return outcome;
}

}  // namespace seve
