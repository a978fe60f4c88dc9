// Writes checkpoints behind training: the step pays for a copy alone, a thread does the rest.
#pragma once

#include <future>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "train/checkpoint.h"

namespace seve {

// How a write ended.
struct CheckpointOutcome {
  std::string path;                   // of the checkpoint
  std::vector<std::string> warnings;  // CheckpointStore::Write
  double seconds = 0;                 // of the write
  std::optional<Error> failure;       // what was there stays
};

class CheckpointWriter {
 public:
  explicit CheckpointWriter(CheckpointStore store) : store_(std::move(store)) {}
  // Lets a write under way finish.
  ~CheckpointWriter() = default;
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  // Copies the content and begins to write it. The write before must have been waited for.
  void Start(const CheckpointContent& content, bool is_best);

  // The write under way, if it has ended; never waits.
  [[nodiscard]] std::optional<CheckpointOutcome> Poll();
  // The same, once it has ended; nothing when none is under way.
  [[nodiscard]] std::optional<CheckpointOutcome> Wait();

 private:
  [[nodiscard]] CheckpointOutcome Write(bool is_best);

  CheckpointStore store_;
  CheckpointFiles files_;                   // the thread's while it writes
  std::future<CheckpointOutcome> writing_;  // its destructor waits for the thread
};

}  // namespace seve
