#include <bit>
#include <cstdint>

#include "config/validate_parts.h"

namespace seve {
namespace {

constexpr double kLeastBucketMib = 0.0001, kMostBucketMib = 1e6;

void ValidateBatch(const config::BatchSettings& batch, Checker& checker) {
  switch (batch.extent_case()) {
    case config::BatchSettings::EXTENT_NOT_SET:
      checker.Fail("batch", "batch needs 'size' (over all ranks) or 'size_per_rank'");
      break;
    case config::BatchSettings::kSize:
      checker.Above("batch.size", batch.size(), 0);
      break;
    case config::BatchSettings::kSizePerRank:
      checker.Above("batch.size_per_rank", batch.size_per_rank(), 0);
      break;
  }
  if (!batch.has_micro_batches()) return;
  checker.Above("batch.micro_batches", batch.micro_batches(), 0);
  if (batch.size() <= 0 || batch.micro_batches() <= 0) return;
  if (batch.size() % batch.micro_batches() == 0) return;
  checker.Fail("batch.micro_batches", "batch.size " + std::to_string(batch.size()) +
                                          " cannot be cut into " +
                                          std::to_string(batch.micro_batches()) +
                                          " equal micro_batches: make one divide the other");
}

// `reproducible`: what a step adds up, and in which order, must not depend on the ranks.
void ValidateReproducible(const config::BatchSettings& batch, Checker& checker) {
  if (batch.has_size_per_rank()) {
    checker.Fail("batch.size_per_rank",
                 "with reproducible, the batch may not depend on the number of ranks: give "
                 "'size', the samples of a step over all ranks");
  }
  if (!batch.has_micro_batches()) {
    checker.Fail("reproducible",
                 "reproducible needs batch.micro_batches, a power of two: the largest number of "
                 "ranks the run will ever have");
  } else if (batch.micro_batches() > 0 &&
             !std::has_single_bit(static_cast<uint32_t>(batch.micro_batches()))) {
    checker.Fail("batch.micro_batches",
                 "with reproducible, micro_batches must be a power of two, not " +
                     std::to_string(batch.micro_batches()));
  }
  if (batch.sync_batch_norm()) {
    checker.Fail("batch.sync_batch_norm",
                 "with reproducible, statistics may not depend on the number of ranks: leave "
                 "sync_batch_norm out");
  }
}

void ValidateDevice(const config::Config& config, Checker& checker) {
  if (config.device() != config::CPU || config.precision() == config::FP32) return;
  checker.Fail("precision", "precision: " + config::Precision_Name(config.precision()) +
                                " is for GPUs, and device is CPU: leave precision out, or set "
                                "device: CUDA");
}

// A oneof of every_epochs and every_steps.
template <class Settings>
void ValidateEvery(const Settings& settings, const std::string& path, Checker& checker) {
  if (settings.has_every_epochs()) {
    checker.Above(path + ".every_epochs", settings.every_epochs(), 0);
  }
  if (settings.has_every_steps()) checker.Above(path + ".every_steps", settings.every_steps(), 0);
}

void ValidateReduction(const config::Config& config, Checker& checker) {
  checker.Between("reduction.bucket_mib", config.reduction().bucket_mib(), kLeastBucketMib,
                  kMostBucketMib);
  if (config.reduction().wire() == config::Reduction::FP32 || !config.reproducible()) return;
  checker.Fail("reduction.wire",
               "with reproducible, gradients may not be rounded between hosts, whose number may "
               "change: leave wire out");
}

void ValidateDistribution(const config::Config& config, Checker& checker) {
  if (config.distribution() != config::ZERO_1) return;
  if (config.optimizer().has_average()) {
    checker.Fail("distribution",
                 "with distribution: ZERO_1 no rank has all averages of the "
                 "weights: leave optimizer.average or distribution out");
  }
  if (config.reproducible() && config.optimizer().clip_norm() > 0) {
    checker.Fail("distribution",
                 "with reproducible and optimizer.clip_norm, the norm may not depend on the number "
                 "of ranks: leave distribution: ZERO_1 out");
  }
  if (config.reporting().has_statistics()) {
    checker.Fail("distribution",
                 "with distribution: ZERO_1 no rank has all gradients: leave "
                 "reporting.statistics or distribution out");
  }
}

void ValidateDeadlines(const config::Deadlines& deadlines, Checker& checker) {
  checker.Above("deadlines.start", deadlines.start(), 0);
  checker.Above("deadlines.step", deadlines.step(), 0);
  checker.Above("deadlines.evaluation", deadlines.evaluation(), 0);
  checker.Above("deadlines.checkpoint", deadlines.checkpoint(), 0);
  checker.AtLeast("deadlines.silence", deadlines.silence(), 0);
}

void ValidateReporting(const config::Reporting& reporting, Checker& checker) {
  if (reporting.has_every_steps()) {
    checker.Above("reporting.every_steps", static_cast<double>(reporting.every_steps()), 0);
  }
  if (!reporting.has_statistics()) return;
  ValidateEvery(reporting.statistics(), "reporting.statistics", checker);
  checker.Between("reporting.statistics.bins", reporting.statistics().bins(), 1, 1000);
}

}  // namespace

void ValidateRun(const config::Config& config, Checker& checker) {
  if (config.has_batch()) ValidateBatch(config.batch(), checker);
  if (config.has_batch() && config.reproducible()) ValidateReproducible(config.batch(), checker);
  if (config.has_epochs()) checker.Above("epochs", static_cast<double>(config.epochs()), 0);
  if (config.has_steps()) checker.Above("steps", static_cast<double>(config.steps()), 0);
  ValidateEvery(config.evaluation(), "evaluation", checker);
  checker.Above("evaluation.batch_size", config.evaluation().batch_size(), 0);
  ValidateEvery(config.checkpoints(), "checkpoints", checker);
  checker.Above("checkpoints.keep", config.checkpoints().keep(), 0);
  checker.AtLeast("replica_check.every_steps",
                  static_cast<double>(config.replica_check().every_steps()), 0);
  ValidateDevice(config, checker);
  ValidateReduction(config, checker);
  ValidateDistribution(config, checker);
  ValidateDeadlines(config.deadlines(), checker);
  ValidateReporting(config.reporting(), checker);
}

}  // namespace seve
