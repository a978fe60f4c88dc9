#include "train/run_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "base/file.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

constexpr std::array kFiles = {"config.textproto", "metrics.jsonl", "metrics.csv", "log.txt",
                               "report.html",      "curves.svg",    "curves.pdf",  "curves.png"};
constexpr const char* kCheckpoints = "checkpoints";
constexpr const char* kTensorBoard = "tensorboard";
constexpr const char* kDumps = "dumps";
constexpr const char* kPictures = "pictures";

bool HoldsRun(const std::string& path) {
  std::error_code unreadable;
  for (const char* name : {"config.textproto", "metrics.jsonl", kCheckpoints}) {
    if (fs::exists(path + "/" + name, unreadable)) return true;
  }
  return false;
}

bool IsCheckpointEntry(const std::string& name) {
  return name.starts_with("step-") || name.starts_with(".step-") || name == "latest" ||
         name == "best" || name == ".latest.new" || name == ".best.new";
}

bool IsEventFile(const std::string& name) { return name.starts_with("events.out.tfevents."); }

bool IsDump(const std::string& name) {
  return name.ends_with(".npy") && name.find('@') != std::string::npos;
}

// "confusion.svg", "weights-hidden.png": see report/pictures/.
bool IsPicture(const std::string& name) {
  const fs::path path(name);
  const std::string stem = path.stem().string(), ending = path.extension().string();
  constexpr std::array kStems = {"best",
                                 "worst",
                                 "random",
                                 "reconstructions",
                                 "responses",
                                 "fit",
                                 "model",
                                 "confusion",
                                 "surface",
                                 "predictions",
                                 "gradients",
                                 "histograms-values",
                                 "histograms-gradients"};
  if (ending != ".png" && ending != ".svg" && ending != ".pdf") return false;
  return stem.starts_with("weights-") || std::ranges::find(kStems, stem) != kStems.end();
}

// "hidden-step-000000750.png".
bool IsStepPicture(const std::string& name) {
  return name.find("-step-") != std::string::npos && name.ends_with(".png");
}

// The entries that are ours by their name, and the folder when that leaves it empty.
void RemoveEntries(const std::string& folder, bool (*is_ours)(const std::string& name)) {
  std::error_code missing;
  std::vector<std::string> ours;
  for (const auto& entry : fs::directory_iterator(folder, missing)) {
    if (is_ours(entry.path().filename().string())) ours.push_back(entry.path().string());
  }
  for (const auto& path : ours) RemoveTree(path);
  // Fails, and rightly so, where files of somebody else are left.
  fs::remove(folder, missing);
}

void RemoveRun(const std::string& path) {
  for (const char* name : kFiles) RemoveTree(path + "/" + name);
  RemoveEntries(path + "/" + kCheckpoints, IsCheckpointEntry);
  RemoveEntries(path + "/" + kTensorBoard, IsEventFile);
  RemoveEntries(path + "/" + kDumps, IsDump);
  RemoveEntries(path + "/" + kPictures + "/weights", IsStepPicture);
  RemoveEntries(path + "/" + kPictures, IsPicture);
}

// Permission bits do not tell (quotas, read-only file systems, root): only writing does.
void CheckWritable(const std::string& path) {
  const std::string probe = path + "/.writable";
  WriteFileDurably(probe, {});
  RemoveTree(probe);
}

// Pages and figures of somebody else, in a folder that holds no run.
void RefuseOthersFiles(const std::string& path) {
  std::error_code unreadable;
  for (const char* name : {"report.html", "curves.svg", "curves.pdf", "curves.png"}) {
    if (!fs::exists(path + "/" + name, unreadable)) continue;
    ThrowUsage(
        fmt::format("{}/{} is there already, and the run would write over it: choose another "
                    "folder with --run, move the file, or let it go with --overwrite",
                    path, name));
  }
}

void Prepare(const std::string& path, ExistingRun existing) {
  MakeFolders(path);
  CheckWritable(path);
  // Of a folder without a run nothing is ours.
  if (existing == ExistingRun::kOverwrite && HoldsRun(path)) RemoveRun(path);
}

// "runs/mnist_mlp", "runs/mnist_mlp-2", ...
std::string NumberedRun(const std::string& config_path, const std::string& root, int count) {
  const std::string first = root + "/" + fs::path(config_path).stem().string();
  return count == 1 ? first : fmt::format("{}-{}", first, count);
}

}  // namespace

RunDirectory::RunDirectory(std::string path, ExistingRun existing) : path_(std::move(path)) {
  while (path_.size() > 1 && path_.ends_with('/')) path_.pop_back();
  if (existing == ExistingRun::kRefuse && HoldsRun(path_)) {
    ThrowUsage(
        fmt::format("{} holds a run already: continue it with --resume, replace it with "
                    "--overwrite, or choose another folder with --run",
                    path_));
  }
  if (existing == ExistingRun::kRefuse) RefuseOthersFiles(path_);
  try {
    Prepare(path_, existing);
  } catch (const Error& error) {
    ThrowUsage(fmt::format("the run directory {} cannot be used: {}", path_, error.what()));
  }
}

std::string DefaultRunDirectory(const std::string& config_path, const std::string& root) {
  int count = 1;
  while (fs::exists(NumberedRun(config_path, root, count))) ++count;
  return NumberedRun(config_path, root, count);
}

std::string NewestRunDirectory(const std::string& config_path, const std::string& root) {
  int count = 1;
  while (fs::exists(NumberedRun(config_path, root, count + 1))) ++count;
  return NumberedRun(config_path, root, count);
}

}  // namespace seve
