// Replays the compiled step of one replica on the CPU: micro-batches, reduction, update. Nothing is
// allocated or looked up by name once it stands.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "comm/communicator.h"
#include "data/loader.h"
#include "model/arenas.h"
#include "model/gradient_reducer.h"
#include "model/penalty.h"
#include "model/plan.h"
#include "model/replica_check.h"
#include "optim/optimizer.h"

namespace seve {

// What all ranks know after a step's reduction: sums over the global batch.
struct StepSums {
  double loss = 0;  // with the penalties, once for each sample
  double weight = 0;
  double correct = 0;
  bool stop = false;               // some rank was asked to stop
  ExitCode end = ExitCode::kDone;  // rank 0's wish
};

struct StepSettings {
  int64_t step = 1;  // of this update, counted from 1
  float learning_rate = 0;
  float clip_norm = 0;             // 0: no clipping
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
  Captures* captures = nullptr;  // of tensors to be copied in some steps; outlive the executor
};

class CpuExecutor {
 public:
  // All that is referred to must outlive the executor.
  CpuExecutor(const Graph& graph, const ParameterLayout& layout, const ParameterArena& parameters,
              const Optimizer& optimizer, Communicator& communicator,
              const ExecutorOptions& options);

  // One update from this rank's micro-batches, which `loader` brings in this order. Every rank gets
  // the same sums and takes the same decision: AgreedError(kNumerical), before anything is updated,
  // when the loss is not finite; after the update when a gradient was not.
  // AgreedError(kCommunication) before the update when replicas were compared and differ.
  StepSums Step(Loader& loader, std::span<const Slice> micro_batches, const StepSettings& settings);

  // One arena a state, named as Optimizer::StateNames().
  [[nodiscard]] std::span<float> OptimizerState(size_t state) const {
    return states_[state].As<float>();
  }

  // Summed over the samples of the latest step's global batch; absent when frozen.
  [[nodiscard]] Tensor Gradient(const Parameter& parameter) const {
    return gradients_.At(parameter);
  }

  // Compares the parameters of all ranks (model/replica_check.h). Collective.
  void CompareReplicas(int64_t step) { replica_check_.Compare(step); }

 private:
  using Plans = std::vector<std::unique_ptr<Plan>>;  // one a number of rows

  void MakeArenas();
  void MakePlans(const Graph& graph, const ExecutorOptions& options);
  Plan& PlanFor(size_t arena, int64_t rows);
  // Micro-batch i of the step: its gradients and sums are written to an arena or added there.
  void RunMicroBatch(Loader& loader, const Slice& slice, int64_t i);
  void AddCompletedPairs(int64_t i);
  void FillRecord(const StepSettings& settings);
  [[nodiscard]] StepSums ReadRecord() const;
  // The factor on gradient sums: 1/weight, times the clip factor.
  [[nodiscard]] float GradientScale(double weight, float clip_norm) const;
  void Update(const StepSettings& settings, float gradient_scale);
  [[noreturn]] void ReportNonFiniteLoss(const StepSettings& settings, double loss);
  [[noreturn]] void ReportNonFiniteGradient(const StepSettings& settings);

  const ParameterLayout& layout_;
  const ParameterArena& parameters_;
  const Optimizer& optimizer_;
  Communicator& communicator_;
  uint64_t seed_;
  int64_t micro_batches_;
  bool reproducible_;
  std::unique_ptr<Window> window_;
  GradientArena gradients_;  // in the window: the first of the arenas
  GradientReducer reducer_;
  Penalty penalty_;
  std::vector<Buffer> states_;  // of the optimizer
  ReplicaCheck replica_check_;
  std::vector<Buffer> more_arenas_;    // memory of the others
  std::vector<GradientArena> arenas_;  // for micro-batches: one, or those of the tree
  Buffer memory_;                      // activations, shared by all plans
  std::vector<Plans> plans_;           // of each arena
  std::string non_finite_layer_;       // on this rank, in the current step
};

}  // namespace seve
