// A trained model opened for use: its configuration, data and parameters.
#pragma once

#include <memory>
#include <string>

#include "model/arenas.h"
#include "train/checkpoint.h"
#include "train/setup.h"

namespace seve {

class Replica {
 public:
  // `path`: a run directory (its `which` checkpoint, "best" or "latest", is taken) or a checkpoint
  // folder inside one. Throws Error(kUsage) or Error(kData) naming what is missing.
  Replica(const std::string& path, const std::string& which, const std::string& data_root);

  [[nodiscard]] const Setup& setup() const { return *setup_; }
  [[nodiscard]] const ParameterArena& parameters() const { return *parameters_; }
  [[nodiscard]] const LoadedCheckpoint& checkpoint() const { return checkpoint_; }

 private:
  LoadedCheckpoint checkpoint_;
  std::unique_ptr<Setup> setup_;
  std::unique_ptr<ParameterArena> parameters_;
};

// Splits "runs/a" or "runs/a/checkpoints/step-000000010" into the run directory and the
// checkpoint's folder.
struct CheckpointPlace {
  std::string run;
  std::string folder;
};
CheckpointPlace FindCheckpoint(const std::string& path, const std::string& which);

}  // namespace seve
