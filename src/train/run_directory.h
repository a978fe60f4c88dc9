// The folder of one run: config.textproto, log.txt, metrics.jsonl, metrics.csv, checkpoints/,
// curves.{svg,pdf,png}, report.html, pictures/, tensorboard/, dumps/.
#pragma once

#include <string>

namespace seve {

enum class ExistingRun { kRefuse, kResume, kOverwrite };

class RunDirectory {
 public:
  // Creates the folder (parents too). One that already holds a run is refused with Error(kUsage)
  // naming the remedies, continued (--resume) or emptied of the files a run writes (--overwrite;
  // other files are left alone). Error(kUsage) when it cannot be created or written to, naming path
  // and errno's text.
  RunDirectory(std::string path, ExistingRun existing);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// "runs/mnist_mlp", or "runs/mnist_mlp-2" and so on: the first that does not exist yet. `root`
// stands for "runs".
std::string DefaultRunDirectory(const std::string& config_path, const std::string& root = "runs");

// The last of them that exists: what --resume goes on with; "runs/mnist_mlp" when there is none.
std::string NewestRunDirectory(const std::string& config_path, const std::string& root = "runs");

}  // namespace seve
