// Checkpoints of a run directory: checkpoints/step-000001200/{model.safetensors,
// optimizer.safetensors, state.pb, MANIFEST}, with `latest` and `best` as relative links replaced
// atomically.
//
// A checkpoint is written under a temporary name, every file and folder fsynced, MANIFEST (size,
// XXH3-128 and name of each file, one a line) last, then renamed: whoever sees the final name sees
// a whole checkpoint.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "config/checkpoint.pb.h"
#include "tensor/safetensors.h"

namespace seve {

struct CheckpointContent {
  std::vector<NamedTensor> model;      // "hidden.weight"
  std::vector<NamedTensor> optimizer;  // "hidden.weight.momentum_buffer"
  config::TrainingState state;
};

// The same as bytes of files, ready to be written whatever becomes of the tensors.
struct CheckpointFiles {
  int64_t step = 0;
  std::vector<std::byte> model, optimizer;
  std::string state;
};

// Copies the content. Memory of `files` is reused. Fills in the state's format.
void EncodeCheckpoint(const CheckpointContent& content, CheckpointFiles* files);

struct LoadedCheckpoint {
  std::string path;
  SafetensorsFile model, optimizer;
  config::TrainingState state;
};

class CheckpointStore {
 public:
  // `directory` is <run>/checkpoints; created when first written to. keep: newest kept, >= 1.
  CheckpointStore(std::string directory, int keep, FileCalls calls = SystemFileCalls());

  // Writes, updates `latest` (and `best` when is_best), removes checkpoints beyond `keep` that are
  // neither, those of later steps (a run that resumed before them makes them anew) and half-written
  // ones of earlier starts. Returns the checkpoint's path. Throws Error(kData) naming the file and
  // errno's text; what was there stays.
  // That an old checkpoint could not be removed is only a warning.
  std::string Write(const CheckpointFiles& files, bool is_best,
                    std::vector<std::string>* warnings = nullptr);

  // Verifies MANIFEST and reads `name`: "latest", "best" or "step-000001200", or a path to a
  // checkpoint folder.
  [[nodiscard]] LoadedCheckpoint Read(const std::string& name) const;

  // The newest intact checkpoint; damaged newer ones are described in `warnings`. Empty when there
  // is none at all; Error(kData) when there are some but none is intact. One of a newer version of
  // Sève is never passed over: Error(kUsage).
  [[nodiscard]] std::optional<LoadedCheckpoint> ReadNewest(
      std::vector<std::string>* warnings) const;

 private:
  void RemoveSuperseded(int64_t latest) const;

  std::string directory_;
  int keep_;
  FileCalls calls_;
};

// Reads one checkpoint folder, verified against its MANIFEST. Error(kData) when it is damaged,
// Error(kUsage) when a newer version of Sève wrote it.
LoadedCheckpoint ReadCheckpoint(const std::string& folder);

}  // namespace seve
