// How a step's global batch is cut into micro-batches, and which of them this rank runs.
#pragma once

#include <cstdint>
#include <vector>

#include "config/load.h"
#include "data/loader.h"

namespace seve {

class BatchGeometry {
 public:
  // Throws Error(kUsage), located, listing the world sizes that work, when the ranks cannot share
  // the batch.
  BatchGeometry(const Configuration& configuration, int world, int rank, int64_t train_samples);

  [[nodiscard]] int64_t batch() const { return batch_; }                  // over all ranks
  [[nodiscard]] int64_t micro_batches() const { return micro_batches_; }  // over all ranks
  [[nodiscard]] int64_t local_micro_batches() const { return micro_batches_ / world_; }
  // The last step of an epoch takes what is left.
  [[nodiscard]] int64_t steps_per_epoch() const { return (samples_ + batch_ - 1) / batch_; }

  // The i-th micro-batch this rank runs, counted from the start of training. The slices of one step
  // differ by at most one sample; of a small last step some may be empty.
  [[nodiscard]] Slice Request(int64_t i) const;

  // Every count that Request can give.
  [[nodiscard]] std::vector<int64_t> RowCounts() const;

 private:
  int64_t batch_, micro_batches_, samples_;
  int world_, rank_;
};

// Steps of the whole run, unless it stops early.
int64_t TotalSteps(const config::Config& config, const BatchGeometry& geometry);

}  // namespace seve
