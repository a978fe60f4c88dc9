#include "cli/replica.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/error.h"
#include "layers/cpu/blas_check.h"
#include "train/weight_average.h"

namespace seve {

CheckpointPlace FindCheckpoint(const std::string& path, const std::string& which) {
  namespace fs = std::filesystem;
  if (!fs::exists(path)) ThrowUsage(fmt::format("{}: there is no such run or checkpoint", path));
  if (fs::exists(fs::path(path) / "MANIFEST")) {
    return {.run = (fs::path(path) / ".." / "..").lexically_normal().string(), .folder = path};
  }
  if (!fs::exists(fs::path(path) / "config.textproto")) {
    ThrowUsage(
        fmt::format("{}: neither a run directory (no config.textproto) nor a checkpoint (no "
                    "MANIFEST)",
                    path));
  }
  const auto folder = fs::path(path) / "checkpoints" / which;
  if (!fs::exists(folder)) {
    ThrowUsage(fmt::format("{}: this run has no '{}' checkpoint yet", path, which));
  }
  return {.run = path, .folder = folder.string()};
}

Replica::Replica(const std::string& path, const std::string& which, const std::string& data_root) {
  CheckBlas();
  const auto place = FindCheckpoint(path, which);
  checkpoint_ = ReadCheckpoint(place.folder);
  setup_ =
      std::make_unique<Setup>(LoadConfiguration(place.run + "/config.textproto", {}), data_root);
  parameters_ = std::make_unique<ParameterArena>(setup_->layout);
  RestoreModel(checkpoint_, setup_->layout, *parameters_);
}

}  // namespace seve
