// All that a run directory says of its run in figures and text.
#pragma once

#include <string>
#include <vector>

#include "report/environment.h"
#include "report/history.h"

namespace seve {

class RunRecord : public History {
 public:
  // Of metrics.jsonl and config.textproto. Throws Error(kData) naming the file that cannot be read.
  explicit RunRecord(const std::string& run_directory);

  void OnCheckpoint(const CheckpointEvent& event) override { checkpoints_.push_back(event); }

  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] const std::string& configuration() const { return configuration_; }
  [[nodiscard]] const Environment& environment() const { return environment_; }
  [[nodiscard]] const std::vector<CheckpointEvent>& checkpoints() const { return checkpoints_; }

 private:
  std::string directory_, configuration_;
  Environment environment_;  // of the latest start
  std::vector<CheckpointEvent> checkpoints_;
};

}  // namespace seve
