// Replays the compiled step of one replica on the CPU: micro-batches, reduction, update. Nothing is
// allocated or looked up by name once it stands.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "comm/communicator.h"
#include "data/loader.h"
#include "model/arenas.h"
#include "model/gradient_reducer.h"
#include "model/plan.h"
#include "optim/optimizer.h"

namespace seve {

// What all ranks know after a step's reduction: sums over the global batch.
struct StepSums {
  double loss = 0;
  double weight = 0;
  double correct = 0;
  bool stop = false;  // some rank was asked to stop
};

struct StepSettings {
  int64_t step = 1;  // of this update, counted from 1
  float learning_rate = 0;
  float clip_norm = 0;  // 0: no clipping
  bool stop = false;    // this rank was asked to stop
};

class CpuExecutor {
 public:
  // `row_counts`: every size a micro-batch of this rank can have; a plan is compiled for each. All
  // that is referred to must outlive the executor.
  CpuExecutor(const Graph& graph, const ParameterLayout& layout, const ParameterArena& parameters,
              const Optimizer& optimizer, Communicator& communicator, uint64_t seed,
              const std::vector<int64_t>& row_counts);

  // One update from this rank's micro-batches, which `loader` brings in this order. Every rank gets
  // the same sums and takes the same decision: AgreedError(kNumerical), before anything is updated,
  // when the loss is not finite; after the update when a gradient was not.
  StepSums Step(Loader& loader, std::span<const Slice> micro_batches, const StepSettings& settings);

  // One arena a state, named as Optimizer::StateNames().
  [[nodiscard]] std::span<float> OptimizerState(size_t state) const {
    return states_[state].As<float>();
  }

 private:
  Plan& PlanFor(int64_t rows);
  LossSums RunMicroBatch(Loader& loader, const Slice& slice, bool first, bool last);
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
  GradientArena gradients_;
  GradientReducer reducer_;
  Buffer memory_;
  std::vector<std::unique_ptr<Plan>> plans_;
  std::vector<Buffer> states_;
  std::string non_finite_layer_;  // on this rank, in the current step
};

}  // namespace seve
