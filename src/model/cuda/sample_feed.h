// How samples get into the inputs of a plan on the GPU.
#pragma once

#include <memory>
#include <span>

#include "data/loader.h"
#include "data/sampler.h"
#include "model/cuda/cuda_plan.h"

namespace seve {

class SampleFeed {
 public:
  virtual ~SampleFeed() = default;
  // True when no loader is asked.
  [[nodiscard]] virtual bool HoldsData() const = 0;
  // Before the step of `slot`, whose earlier step is over, is enqueued: tells the GPU where the
  // micro-batches stand and sends what it lacks.
  virtual void Prepare(Loader& loader, std::span<const Slice> micro_batches, int slot) = 0;
  // Enqueues what brings the samples of micro-batch `index` into the plan's inputs.
  virtual void Enqueue(int64_t index, const CudaPlan& plan) = 0;
};

struct FeedOptions {
  int64_t micro_batches = 1;
  int64_t most_rows = 0;  // of a micro-batch
  uint64_t seed = 0;      // of the order of samples
};

// Keeps the whole data set on the GPU, as stored, and augments its pictures there.
std::unique_ptr<SampleFeed> MakeResidentFeed(const Dataset& data, const Sampler& sampler,
                                             const FeedOptions& options, StepState* state,
                                             const CudaDevice& device);
// False for pictures to be augmented that only the data set's Gather knows as bytes: the loader
// augments them on the CPU.
bool CanBeResident(const Dataset& data);
// Bytes of the GPU that the resident feed takes.
size_t ResidentBytes(const Dataset& data);

// Sends what the loader brings through page-locked memory, beside the step before.
std::unique_ptr<SampleFeed> MakeStagedFeed(const Dataset& data, const FeedOptions& options,
                                           StepState* state, const CudaDevice& device);
size_t StagedBytes(const Dataset& data, const FeedOptions& options);

}  // namespace seve
