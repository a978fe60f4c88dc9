// Enqueues a whole step: micro-batches, reduction, update, record.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "model/cuda/cuda_plan.h"
#include "model/cuda/device_penalty.h"
#include "model/cuda/device_reducer.h"
#include "model/cuda/sample_feed.h"
#include "model/cuda/step_kernels.h"
#include "model/executor.h"

namespace seve {

// What a step works on; all outlives it.
struct CudaStepParts {
  const CudaDevice& device;
  const DeviceReplica& replica;
  SampleFeed& feed;
  DeviceReducer& reducer;
  const Optimizer& optimizer;
  const StepInput* inputs;  // ring
  StepOutput* outputs;      // ring
};

class CudaStep {
 public:
  CudaStep(const Graph& graph, const ParameterLayout& layout, const CudaStepParts& parts,
           const CudaScope& scope, const ExecutorOptions& options);

  // In the device's stream and the reducer's; `rows`: of each micro-batch.
  void Enqueue(std::span<const int64_t> rows, bool compare_replicas);

  // The first layer with an output that is not finite, of the micro-batch that ran last; empty
  // where all are. Waits.
  [[nodiscard]] std::string FirstNonFiniteLayer() const;

  // Bytes of the largest plan.
  [[nodiscard]] static size_t ActivationBytes(const Graph& graph, const ParameterLayout& layout,
                                              const ExecutorOptions& options, DType activation);
  // Gradient arenas that a step needs.
  [[nodiscard]] static size_t Arenas(const ExecutorOptions& options);

 private:
  using Plans = std::vector<std::unique_ptr<CudaPlan>>;  // one a number of rows

  void EnterPhase(const char* phase) const {
    parts_.device.timeline().EnterPhase(phase, parts_.device.stream());
  }
  void RunMicroBatch(int64_t index, int64_t rows, bool compare_replicas);
  void AddCompletedPairs(int64_t index);
  void CompleteRecord(bool compare_replicas);
  // Of all gradients, into the state.
  void SumSquares();
  void Update();
  [[nodiscard]] CudaPlan& PlanFor(size_t arena, int64_t rows);
  [[nodiscard]] bool tree() const { return reproducible_ && micro_batches_ > 1; }

  const ParameterLayout& layout_;
  CudaStepParts parts_;
  int64_t micro_batches_;
  bool reproducible_;
  StatisticsReducer* statistics_;  // null where ranks have their own
  StepConstants constants_;
  DevicePenalty penalty_;
  int losses_;
  DeviceBuffer memory_;       // activations, shared by all plans
  DeviceBuffer sums_;         // of the losses
  std::vector<Plans> plans_;  // of each arena
  const CudaPlan* latest_ = nullptr;
};

}  // namespace seve
