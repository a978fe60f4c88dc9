// Replays the compiled step of one replica: micro-batches, reduction, update. One implementation
// runs on the CPU, one on a GPU; training does not know which.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/loader.h"
#include "model/captures.h"
#include "model/gradient_reducer.h"
#include "model/loss_scale.h"
#include "model/parameter_layout.h"
#include "model/pass.h"

namespace seve {

// What all ranks know after a step's reduction: sums over the global batch.
struct StepSums {
  double loss = 0;  // with the penalties, once for each sample
  double weight = 0;
  double correct = 0;
  bool stop = false;               // some rank was asked to stop
  ExitCode end = ExitCode::kDone;  // rank 0's wish
};

struct StepOutcome {
  int64_t step = 0;  // counted from 1
  double learning_rate = 0;
  StepSums sums;
};

struct StepSettings {
  int64_t step = 1;  // of this update, counted from 1
  double learning_rate = 0;
  bool stop = false;               // this rank was asked to stop
  ExitCode end = ExitCode::kDone;  // with which rank 0 wants the run to end; kDone: go on
  bool compare_replicas = false;   // alike on all ranks
};

struct ExecutorOptions {
  uint64_t seed = 0;
  // Every size a micro-batch of this rank can have; a plan is compiled for each.
  std::vector<int64_t> row_counts;
  int64_t micro_batches = 1;  // of this rank, in each step
  // Add the micro-batches' gradients in the shape of a binary tree; micro_batches is a power of
  // two.
  bool reproducible = false;
  // The micro-batches that ranks run at the same time have one mean and variance in a batch_norm.
  bool sync_batch_norm = false;
  float clip_norm = 0;  // 0: no clipping
  size_t bucket_bytes = kBucketBytes;
  Wire wire = Wire::kFloat32;
  bool shards_optimizer = false;  // each rank updates its own share of the parameters
  Captures* captures = nullptr;   // of tensors to be copied in some steps; outlive the executor
};

class Executor {
 public:
  virtual ~Executor() = default;

  // Starts one update from this rank's micro-batches, which `loader` brings in this order unless
  // ReadsDataItself(). Returns the outcome of the step that is a fixed number before this one, the
  // same on every rank (none on the CPU: its steps are over when they return), once there was one.
  //
  // Every rank gets the same outcomes and takes the same decision. An outcome may be an
  // AgreedError: kNumerical when the loss of the step was not finite (it and no later step updates
  // anything) or a gradient was not (after the update); kCommunication when replicas were compared
  // and differ.
  virtual std::optional<StepOutcome> Step(Loader& loader, std::span<const Slice> micro_batches,
                                          const StepSettings& settings) = 0;
  // The outcome of the oldest started step not yet told of, waiting for it; none when there is no
  // such step.
  virtual std::optional<StepOutcome> NextOutcome() = 0;

  // How gradients travel, for the start table: "NCCL 2.28.9"; empty for a rank alone.
  [[nodiscard]] virtual std::string Transport() const = 0;

  // True when the samples lie where the step runs and no loader is asked.
  [[nodiscard]] virtual bool ReadsDataItself() const { return false; }

  // Brings the host's parameters and optimizer state up to date with the latest step, and the
  // other way. Nothing to do where they are the same memory.
  virtual void Download() {}
  virtual void Upload() {}

  // Where ranks have a share each of the optimizer's state: brings all of it to rank 0's
  // OptimizerState() until the next step. Collective.
  virtual void CollectStates() {}
  // Rank 0's `states` states to all ranks, or to those that keep them. Collective.
  virtual void ShareStates(Communicator& communicator, size_t states) {
    for (size_t i = 0; i < states; ++i) {
      communicator.Broadcast(std::as_writable_bytes(OptimizerState(i)), 0);
    }
  }
  // One arena a state on the host, named as Optimizer::StateNames(). Empty on ranks that have a
  // share.
  [[nodiscard]] virtual std::span<float> OptimizerState(size_t state) const = 0;
  // On the host, summed over the samples of the latest step's global batch; absent when frozen.
  [[nodiscard]] virtual Tensor Gradient(const Parameter& parameter) = 0;

  // Compares the parameters of all ranks (model/replica_check.h), which are Downloaded for it.
  // Collective.
  virtual void CompareReplicas(int64_t step) = 0;

  // Passes for evaluation, with the parameters as they are.
  [[nodiscard]] virtual std::unique_ptr<Pass> MakePass(int64_t rows) = 0;

  // As of the latest Download; none but in FP16. The same on every rank.
  [[nodiscard]] virtual std::optional<LossScale> loss_scale() const { return std::nullopt; }
  virtual void RestoreLossScale(const LossScale& /*scale*/) {}
};

}  // namespace seve
