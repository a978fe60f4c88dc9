// The compiled step on a GPU: the host starts it with one launch and hears of it two steps later.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "model/cuda/cuda_step.h"
#include "model/cuda/step_graphs.h"
#include "model/cuda_executor.h"
#include "model/replica_check.h"

namespace seve {

class CudaExecutor : public Executor {
 public:
  // As MakeCudaExecutor.
  CudaExecutor(const Graph& graph, const ParameterLayout& layout, const ParameterArena& parameters,
               const Optimizer& optimizer, Communicator& communicator, const Dataset& data,
               const Sampler& sampler, const ExecutorOptions& options, const CudaOptions& cuda);
  ~CudaExecutor() override;

  std::optional<StepOutcome> Step(Loader& loader, std::span<const Slice> micro_batches,
                                  const StepSettings& settings) override;
  std::optional<StepOutcome> NextOutcome() override;
  [[nodiscard]] std::string Transport() const override {
    return gpus_ == nullptr ? "" : gpus_->Transport();
  }
  [[nodiscard]] bool ReadsDataItself() const override { return feed_->HoldsData(); }
  void Download() override;
  void Upload() override;
  void CollectStates() override;
  void ShareStates(Communicator& communicator, size_t states) override;
  [[nodiscard]] std::span<float> OptimizerState(size_t state) const override {
    return replica_.host_state(state);
  }
  [[nodiscard]] Tensor Gradient(const Parameter& parameter) override;
  void CompareReplicas(int64_t step) override;
  [[nodiscard]] std::unique_ptr<Pass> MakePass(int64_t rows) override;
  [[nodiscard]] std::optional<LossScale> loss_scale() const override;
  void RestoreLossScale(const LossScale& scale) override { replica_.SetLossScale(scale); }

 private:
  // A step under way.
  struct Pending {
    int64_t step = 0;
    double learning_rate = 0;
  };

  // Ranks have a share each of the optimizer.
  [[nodiscard]] bool shards() const { return options_.shards_optimizer; }
  // With what the GPU does when in the activity's trace: alone on it, and waited for.
  void RunTraced(const std::function<void()>& enqueue);
  // Until the device's stream has done what it got so far.
  void WaitForGpu();
  void CaptureOnHost(Captures& captures);
  StepOutcome Read(const Pending& pending, const StepOutput& output) const;
  // Throws what a step came to that was not well.
  void Judge(const StepOutcome& outcome, const StepOutput& output);
  [[nodiscard]] std::string FirstNonFiniteGradient();

  const Graph& graph_;
  const ParameterLayout& layout_;
  Communicator& communicator_;
  size_t states_;            // of the optimizer
  ExecutorOptions options_;  // as they are for so many ranks
  Precision precision_;
  CudaDevice device_;
  std::unique_ptr<GpuCommunicator> gpus_;  // null for a rank alone
  DeviceReplica replica_;
  CudaScope scope_;
  std::unique_ptr<SampleFeed> feed_;
  PinnedBuffer inputs_, outputs_;  // rings
  DeviceReducer reducer_;
  CudaStep step_;
  StepGraphs graphs_;
  ReplicaCheck replica_check_;
  std::array<Event, kStepSlots> over_;
  Event done_;
  std::array<Pending, kStepSlots> pending_;
  int64_t started_ = 0, told_ = 0;  // steps
  std::vector<int64_t> rows_;       // of the current step's micro-batches, and its kind
};

}  // namespace seve
