#include "cli/job_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "config/slurm_time.h"

namespace seve {
namespace {

constexpr double kGb = 1e9;
constexpr int64_t kFewSamples = 32;  // on a rank: below, communication outweighs computing
constexpr double kDiskMargin = 1.2;  // file systems round up, and the job writes a little besides

std::string SourceOf(const config::Cluster& cluster) {
  return cluster.has_source() ? " (source: " + cluster.source() + ")" : "";
}

// "--set …" with at least kFewSamples on each rank.
std::string LargerBatch(const config::Config& config, int ranks) {
  if (config.reproducible()) return fmt::format("--set batch.size={}", kFewSamples * ranks);
  return fmt::format("--set batch.size_per_rank={}", kFewSamples);
}

std::string FewSamplesWarning(const config::Config& config, const JobShape& shape) {
  const auto& batch = config.batch();
  const int64_t samples =
      batch.has_size() ? batch.size() / shape.ranks() : int64_t{batch.size_per_rank()};
  if (shape.ranks() == 1 || samples >= kFewSamples) return "";
  std::string text = fmt::format(
      "{} samples a step on each of {} ranks, fewer than {}: GPUs would mostly wait for each "
      "other. "
      "{} on each, {} a step, with {}",
      samples, shape.ranks(), kFewSamples, kFewSamples, kFewSamples * shape.ranks(),
      LargerBatch(config, shape.ranks()));
  if (batch.has_size() && !config.optimizer().has_reference_batch_size()) {
    text += fmt::format(
        " --set optimizer.reference_batch_size={} (the learning rate grows with it)", batch.size());
  }
  return text;
}

}  // namespace

void CheckGpuMemory(const RankMemory& memory, const JobShape& shape,
                    const ClusterProfile& cluster) {
  const double available = shape.gpu_memory_gb * kGb;
  if (available == 0 || memory.total() <= available) return;
  const bool batch = memory.activations > memory.total() / 2;
  ThrowUsage(fmt::format(
      "{}: a rank needs {} (parameters {}, gradients {}, optimizer {}, activations and their "
      "gradients {}), more than the {} ({:g} GB) of a GPU ({}); {}{}",
      shape.gpu_place, HumanBytes(memory.total()), HumanBytes(memory.parameters),
      HumanBytes(memory.gradients), HumanBytes(memory.optimizer), HumanBytes(memory.activations),
      HumanBytes(available), shape.gpu_memory_gb,
      shape.gpu.empty() ? cluster.proto.name() : shape.gpu,
      batch ? "more batch.micro_batches, a smaller batch or more GPUs need less"
            : "it takes a smaller model or a GPU with more memory",
      SourceOf(cluster.proto)));
}

void CheckNotice(const JobShape& shape, int64_t checkpoint_notice) {
  if (shape.seconds > checkpoint_notice) return;
  ThrowUsage(
      fmt::format("--time {} leaves no time to train: {} s before its end the job is told to write "
                  "a checkpoint. "
                  "Give it longer, --time {} or more (hours:minutes:seconds)",
                  SlurmTime(shape.seconds), checkpoint_notice, SlurmTime(5 * checkpoint_notice)));
}

int64_t LocalDiskFor(int64_t bytes, const ClusterProfile& cluster) {
  const auto& disk = cluster.proto.local_disk();
  const double needed = kDiskMargin * static_cast<double>(bytes) / kGb;
  if (!disk.has_gb() || needed <= disk.gb()) return 0;
  if (needed <= disk.most_gb()) return static_cast<int64_t>(std::ceil(needed));
  const double most = std::max(disk.gb(), disk.most_gb());
  ThrowUsage(fmt::format(
      "{}: the data take {:.1f} GB, with a fifth to spare {:.1f} GB, more than the {:g} GB that a "
      "node's disk has for a job; give the configuration their absolute path, and they are read "
      "where they are{}",
      cluster.source.Where("local_disk"), static_cast<double>(bytes) / kGb, needed, most,
      SourceOf(cluster.proto)));
}

std::vector<std::string> JobWarnings(const config::Config& config, const JobShape& shape,
                                     const std::string& time) {
  std::vector<std::string> warnings;
  if (std::string few = FewSamplesWarning(config, shape); !few.empty()) warnings.push_back(few);
  if (config.device() == config::CPU) {
    warnings.emplace_back(
        "the configuration says device: CPU, so the GPUs would idle; leave it out");
  }
  if (std::ranges::count(time, ':') == 1 && time.find('-') == std::string::npos) {
    warnings.push_back(
        fmt::format("--time {} is minutes:seconds, {}; for hours and minutes write "
                    "--time {}:00",
                    time, HumanSeconds(static_cast<double>(shape.seconds)), time));
  }
  return warnings;
}

}  // namespace seve
