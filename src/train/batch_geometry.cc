#include "train/batch_geometry.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace seve {
namespace {

std::string WorldsThatDivide(int64_t count) {
  std::vector<std::string> worlds;
  for (int64_t world = 1; world <= count && worlds.size() < 12; ++world) {
    if (count % world == 0) worlds.push_back(std::to_string(world));
  }
  return Join(worlds);
}

}  // namespace

BatchGeometry::BatchGeometry(const Configuration& configuration, int world, int rank,
                             int64_t train_samples)
    : samples_(train_samples), world_(world), rank_(rank) {
  const auto& batch = configuration.proto.batch();
  const auto& source = configuration.source;
  batch_ = batch.has_size() ? batch.size() : int64_t{batch.size_per_rank()} * world;
  micro_batches_ = batch.has_micro_batches() ? batch.micro_batches() : world;
  if (micro_batches_ % world != 0) {
    ThrowUsage(
        fmt::format("{}: {} micro-batches cannot be shared equally by {} ranks; world sizes "
                    "that work: {}",
                    source.Where("batch.micro_batches"), micro_batches_, world,
                    WorldsThatDivide(micro_batches_)));
  }
  if (batch_ % micro_batches_ != 0 && batch.has_micro_batches()) {
    ThrowUsage(fmt::format("{}: a batch of {} cannot be cut into {} equal micro-batches",
                           source.Where("batch.micro_batches"), batch_, micro_batches_));
  }
  if (batch_ % micro_batches_ != 0) {
    ThrowUsage(
        fmt::format("{}: a batch of {} cannot be shared equally by {} ranks; world sizes "
                    "that work: {}",
                    source.Where("batch.size"), batch_, world, WorldsThatDivide(batch_)));
  }
  if (samples_ < micro_batches_) {
    ThrowData(
        fmt::format("{}: the training split has {} samples, fewer than the {} micro-batches of "
                    "a step: use more data or fewer ranks",
                    source.Where("data"), samples_, micro_batches_));
  }
}

Slice BatchGeometry::Request(int64_t i) const {
  const int64_t step = i / local_micro_batches();
  const int64_t micro_batch = rank_ * local_micro_batches() + i % local_micro_batches();
  const int64_t start = step % steps_per_epoch() * batch_;
  const int64_t count = std::min(batch_, samples_ - start);
  const int64_t begin = micro_batch * count / micro_batches_;
  const int64_t end = (micro_batch + 1) * count / micro_batches_;
  return {.epoch = step / steps_per_epoch(), .position = start + begin, .count = end - begin};
}

std::vector<int64_t> BatchGeometry::RowCounts() const {
  std::vector<int64_t> counts;
  const int64_t last_step = (steps_per_epoch() - 1) * local_micro_batches();
  for (const int64_t first : {int64_t{0}, last_step}) {
    for (int64_t i = 0; i < local_micro_batches(); ++i) counts.push_back(Request(first + i).count);
  }
  std::ranges::sort(counts);
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  return counts;
}

int64_t TotalSteps(const config::Config& config, const BatchGeometry& geometry) {
  return config.has_steps() ? config.steps() : config.epochs() * geometry.steps_per_epoch();
}

}  // namespace seve
