// The compiled step on the CPU. Nothing is allocated or looked up by name once it stands.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "comm/communicator.h"
#include "model/arenas.h"
#include "model/executor.h"
#include "model/gradient_reducer.h"
#include "model/optimizer_shard.h"
#include "model/penalty.h"
#include "model/plan.h"
#include "model/replica_check.h"
#include "optim/optimizer.h"

namespace seve {

class CpuExecutor : public Executor {
 public:
  // All that is referred to must outlive the executor.
  CpuExecutor(const Graph& graph, const ParameterLayout& layout, const ParameterArena& parameters,
              const Optimizer& optimizer, Communicator& communicator,
              const ExecutorOptions& options);

  std::optional<StepOutcome> Step(Loader& loader, std::span<const Slice> micro_batches,
                                  const StepSettings& settings) override;
  std::optional<StepOutcome> NextOutcome() override { return std::nullopt; }

  [[nodiscard]] std::string Transport() const override { return communicator_.Transport(); }
  [[nodiscard]] std::span<float> OptimizerState(size_t state) const override {
    return states_[state].As<float>();
  }
  void CollectStates() override;
  void ShareStates(Communicator& communicator, size_t states) override;
  [[nodiscard]] Tensor Gradient(const Parameter& parameter) override {
    return gradients_.At(parameter);
  }
  void CompareReplicas(int64_t step) override { replica_check_.Compare(step); }
  [[nodiscard]] std::unique_ptr<Pass> MakePass(int64_t rows) override { return make_pass_(rows); }

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
  [[nodiscard]] float GradientScale(double weight, double sum_of_squares) const;
  // Of all gradients, where it is needed. Collective where ranks have a share each.
  [[nodiscard]] double SumOfSquaredGradients() const;
  // False when some gradient was not finite.
  [[nodiscard]] bool Update(const StepSettings& settings, float gradient_scale);
  [[nodiscard]] bool UpdateRange(Range range, SliceUpdate update) const;
  [[nodiscard]] bool UpdateStatistics(const UpdateSlice& slice) const;
  // After each rank has updated its share.
  void GatherParameters();
  [[nodiscard]] std::span<float> learned() const {
    return parameters_.trainable().first(layout_.learned_floats);
  }
  [[nodiscard]] std::string FirstNonFiniteGradient() const;

  const ParameterLayout& layout_;
  const ParameterArena& parameters_;
  const Optimizer& optimizer_;
  Communicator& communicator_;
  uint64_t seed_;
  int64_t micro_batches_;
  bool reproducible_;
  float clip_norm_;
  PassMaker make_pass_;
  std::unique_ptr<StatisticsReducer> statistics_;  // null where ranks have their own
  std::unique_ptr<Window> window_;
  GradientArena gradients_;  // in the window: the first of the arenas
  GradientReducer reducer_;
  Penalty penalty_;
  std::optional<OptimizerShard> shard_;  // where ranks have a share each of the optimizer
  std::vector<Buffer> states_;           // all of its states; with shards on rank 0 alone, at times
  ReplicaCheck replica_check_;
  std::vector<Buffer> more_arenas_;    // memory of the others
  std::vector<GradientArena> arenas_;  // for micro-batches: one, or those of the tree
  Buffer memory_;                      // activations, shared by all plans
  std::vector<Plans> plans_;           // of each arena
  std::string non_finite_layer_;       // on this rank, in the current step
};

}  // namespace seve
