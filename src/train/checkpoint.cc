#include "train/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "train/checkpoint_manifest.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr const char* kModel = "model.safetensors";
constexpr const char* kOptimizer = "optimizer.safetensors";
constexpr const char* kState = "state.pb";
constexpr std::string_view kPrefix = "step-";

std::string NameOfStep(int64_t step) { return fmt::format("{}{:09}", kPrefix, step); }

// The step of "step-000001200"; nothing for any other name.
std::optional<int64_t> StepOf(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  int64_t step = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), step);
  if (error != std::errc() || end != name.data() + name.size() || step < 0) return std::nullopt;
  return step;
}

// Newest first.
std::vector<int64_t> StepsIn(const std::string& directory) {
  std::vector<int64_t> steps;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(directory, missing)) {
    const auto step = StepOf(entry.path().filename().string());
    if (step) steps.push_back(*step);
  }
  std::sort(steps.rbegin(), steps.rend());
  return steps;
}

std::optional<int64_t> StepOfLink(const std::string& link) {
  std::error_code missing;
  return StepOf(fs::read_symlink(link, missing).string());
}

// Hidden entries are what an interrupted Write left behind: half a checkpoint, half a link.
void RemoveUnfinished(const std::string& directory) {
  std::vector<std::string> unfinished;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name.starts_with(".step-") || name == ".latest.new" || name == ".best.new";
    if (ours) unfinished.push_back(entry.path().string());
  }
  for (const auto& path : unfinished) RemoveTree(path);
}

void WriteFiles(const CheckpointFiles& files, const std::string& folder, const FileCalls& calls) {
  std::vector<ManifestLine> manifest;
  const auto write = [&](const char* name, std::span<const std::byte> bytes) {
    WriteFileDurably(folder + "/" + name, bytes, calls);
    manifest.push_back({bytes.size(), Xxh3Hex(bytes), name});
  };
  write(kModel, files.model);
  write(kOptimizer, files.optimizer);
  write(kState, BytesOf(files.state));
  WriteFileDurably(folder + "/MANIFEST", BytesOf(ManifestText(manifest)), calls);
  SyncFolder(folder, calls);
}

// Hidden first, then removed: nobody sees half a checkpoint under its final name.
void RemoveCheckpoint(const std::string& directory, int64_t step, const FileCalls& calls) {
  const std::string path = directory + "/" + NameOfStep(step);
  const std::string hidden = directory + "/." + NameOfStep(step) + ".removed";
  if (calls.rename(path.c_str(), hidden.c_str()) != 0) {
    ThrowData(fmt::format("cannot remove {}: {}", path, std::strerror(errno)));
  }
  RemoveTree(hidden);
}

config::TrainingState ReadState(const std::string& folder) {
  config::TrainingState state;
  if (!state.ParseFromString(ReadFile(folder + "/" + kState))) {
    ThrowData(fmt::format("checkpoint {} is damaged: {} cannot be parsed", folder, kState));
  }
  if (state.format() > kFormat) {
    ThrowUsage(
        fmt::format("checkpoint {} has format {}, this program reads formats up to {}: use a "
                    "newer version of Sève",
                    folder, state.format(), kFormat));
  }
  if (state.format() < 1) {
    ThrowData(fmt::format("checkpoint {} is damaged: {} has no format", folder, kState));
  }
  return state;
}

}  // namespace

CheckpointStore::CheckpointStore(std::string directory, int keep, FileCalls calls)
    : directory_(std::move(directory)), keep_(keep), calls_(std::move(calls)) {
  Check(keep_ >= 1, "a checkpoint store keeps at least one checkpoint");
}

void EncodeCheckpoint(const CheckpointContent& content, CheckpointFiles* files) {
  config::TrainingState state = content.state;
  state.set_format(kFormat);
  const std::map<std::string, std::string> metadata{{"format", "pt"},
                                                    {"step", std::to_string(state.step())}};
  files->step = state.step();
  EncodeSafetensors(content.model, metadata, &files->model);
  EncodeSafetensors(content.optimizer, metadata, &files->optimizer);
  files->state = state.SerializeAsString();
}

std::string CheckpointStore::Write(const CheckpointFiles& files, bool is_best,
                                   std::vector<std::string>* warnings) {
  const std::string name = NameOfStep(files.step);
  const std::string path = directory_ + "/" + name;
  const std::string temporary = directory_ + "/." + name + ".unfinished";
  MakeFolders(directory_, calls_);
  RemoveUnfinished(directory_);
  try {
    MakeFolders(temporary, calls_);
    WriteFiles(files, temporary, calls_);
    MoveFolder(temporary, path, calls_);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    throw;
  }
  ReplaceSymlinkAtomically(name, directory_ + "/latest", calls_);
  if (is_best) ReplaceSymlinkAtomically(name, directory_ + "/best", calls_);
  try {
    RemoveSuperseded(files.step);
  } catch (const Error& error) {
    if (warnings == nullptr) throw;
    warnings->push_back(error.what());
  }
  return path;
}

void CheckpointStore::RemoveSuperseded(int64_t latest) const {
  const auto best = StepOfLink(directory_ + "/best");
  int kept = 0;
  for (const int64_t step : StepsIn(directory_)) {
    const bool among_newest = step <= latest && kept < keep_;
    if (among_newest) ++kept;
    if (!among_newest && step != best) RemoveCheckpoint(directory_, step, calls_);
  }
}

LoadedCheckpoint CheckpointStore::Read(const std::string& name) const {
  const bool ours = name == "latest" || name == "best" || StepOf(name).has_value();
  const std::string path = ours ? directory_ + "/" + name : name;
  std::error_code unreadable;
  if (fs::is_directory(path, unreadable)) return ReadCheckpoint(path);
  if (!ours) ThrowData(fmt::format("there is no checkpoint folder {}", path));
  std::vector<std::string> names;
  for (const int64_t step : StepsIn(directory_)) names.push_back(NameOfStep(step));
  ThrowData(fmt::format("there is no checkpoint '{}' in {}: it holds {}", name, directory_,
                        names.empty() ? "none" : Join(names)));
}

std::optional<LoadedCheckpoint> CheckpointStore::ReadNewest(
    std::vector<std::string>* warnings) const {
  std::string last;
  for (const int64_t step : StepsIn(directory_)) {
    try {
      return ReadCheckpoint(directory_ + "/" + NameOfStep(step));
    } catch (const Error& error) {
      if (error.code() != ExitCode::kData) throw;
      last = error.what();
      warnings->push_back(last);
    }
  }
  if (last.empty()) return std::nullopt;
  ThrowData(fmt::format("no checkpoint in {} is intact; {}", directory_, last));
}

LoadedCheckpoint ReadCheckpoint(const std::string& folder) {
  VerifyManifest(folder, {kModel, kOptimizer, kState});
  LoadedCheckpoint checkpoint;
  checkpoint.path = fs::canonical(folder).string();
  checkpoint.state = ReadState(folder);
  checkpoint.model = ReadSafetensors(folder + "/" + kModel);
  checkpoint.optimizer = ReadSafetensors(folder + "/" + kOptimizer);
  return checkpoint;
}

}  // namespace seve
