#include "model/cuda/cuda_step.h"

#include <algorithm>

#include "model/cuda/arena_kernels.h"
#include "model/cuda/host_tensor.h"
#include "model/micro_batch_tree.h"

namespace seve {

size_t CudaStep::Arenas(const ExecutorOptions& options) {
  return options.reproducible ? static_cast<size_t>(ArenasFor(options.micro_batches)) : 1;
}

size_t CudaStep::ActivationBytes(const Graph& graph, const ParameterLayout& layout,
                                 const ExecutorOptions& options, DType activation) {
  size_t bytes = 0;
  for (const int64_t rows : options.row_counts) {
    if (rows == 0 && !options.sync_batch_norm) continue;
    const auto plan = LayOutPlan(graph, layout, rows, PlanMode::kTraining, activation);
    bytes = std::max(bytes, plan.bytes);
  }
  return bytes;
}

CudaStep::CudaStep(const Graph& graph, const ParameterLayout& layout, const CudaStepParts& parts,
                   const CudaScope& scope, const ExecutorOptions& options)
    : layout_(layout),
      parts_(parts),
      micro_batches_(options.micro_batches),
      reproducible_(options.reproducible),
      statistics_(options.sync_batch_norm ? &parts.reducer : nullptr),
      constants_{.dynamic_loss_scale = scope.precision == Precision::kFp16,
                 .clip_norm = options.clip_norm,
                 .shards = options.shards_optimizer},
      penalty_(layout, parts.replica, parts.device),
      losses_(static_cast<int>(graph.losses.size())),
      memory_(ActivationBytes(graph, layout, options, ActivationType(scope.precision))),
      sums_(graph.losses.size() * sizeof(LossSums)) {
  for (size_t arena = 0; arena < Arenas(options); ++arena) {
    Plans& plans = plans_.emplace_back();
    for (const int64_t rows : options.row_counts) {
      if (rows == 0 && statistics_ == nullptr) continue;
      const auto plan =
          LayOutPlan(graph, layout, rows, PlanMode::kTraining, ActivationType(scope.precision));
      plans.push_back(std::make_unique<CudaPlan>(graph, layout, plan, parts.replica, arena,
                                                 memory_.data(), sums_.As<LossSums>(), scope,
                                                 options.captures, statistics_));
    }
  }
}

void CudaStep::Enqueue(std::span<const int64_t> rows, bool compare_replicas) {
  const CudaDevice& device = parts_.device;
  StepState* state = parts_.replica.state();
  BeginStep(parts_.inputs, state, device);
  if (compare_replicas) {
    CheckCuda(cudaMemsetAsync(&state->hash, 0, sizeof state->hash, device.stream()),
              "cudaMemsetAsync");
    HashParameters(parts_.replica.trainable(), layout_.trainable_floats, &state->hash, device);
  }
  for (int64_t i = 0; i < micro_batches_; ++i) {
    RunMicroBatch(i, rows[static_cast<size_t>(i)], compare_replicas);
    if (tree()) AddCompletedPairs(i);
  }
  if (tree() || (rows.back() == 0 && statistics_ == nullptr)) CompleteRecord(compare_replicas);
  EnterPhase("sum of gradients");
  parts_.reducer.Finish();
  EnterPhase("update");
  penalty_.Enqueue();
  Update();
  EnterPhase("");
  EndStep(parts_.replica.record(), state, parts_.outputs, device);
}

void CudaStep::RunMicroBatch(int64_t index, int64_t rows, bool compare_replicas) {
  const CudaDevice& device = parts_.device;
  const DeviceReplica& replica = parts_.replica;
  const auto arena = tree() ? static_cast<size_t>(ArenaOf(index)) : 0;
  const bool adds = !tree() && index > 0, accumulate = adds || rows == 0;
  if (rows == 0 && !adds) {
    CheckCuda(cudaMemsetAsync(replica.gradients(arena), 0, replica.arena_floats() * sizeof(float),
                              device.stream()),
              "cudaMemsetAsync");
  }
  if (rows == 0 && statistics_ == nullptr) return;
  CudaPlan& plan = PlanFor(arena, rows);
  if (rows > 0) {
    latest_ = &plan;
    EnterPhase("reading samples");
    parts_.feed.Enqueue(index, plan);
  }
  EnterPhase("forward");
  plan.Forward(accumulate);
  // Gradients that are added to others afterwards are not final yet. The record is complete before
  // the last bucket leaves.
  const bool final = index + 1 == micro_batches_ && !tree();
  RecordLosses(sums_.As<LossSums>(), losses_, rows, !accumulate, final, replica.record(arena),
               replica.state(), device);
  if (final && compare_replicas) WriteFingerprint(replica.state(), replica.record(), device);
  EnterPhase("backward");
  plan.Backward(accumulate, [&](int node) {
    if (final) parts_.reducer.NodeDone(node);
  });
}

void CudaStep::AddCompletedPairs(int64_t index) {
  const DeviceReplica& replica = parts_.replica;
  auto right = static_cast<size_t>(ArenaOf(index));
  for (int pair = 0; pair < PairsCompletedBy(index); ++pair, --right) {
    AddInto(replica.gradients(right - 1), replica.gradients(right), replica.arena_floats(),
            parts_.device);
  }
}

void CudaStep::CompleteRecord(bool compare_replicas) {
  float* record = parts_.replica.record();
  WriteSettings(parts_.replica.state(), record, parts_.device);
  if (compare_replicas) WriteFingerprint(parts_.replica.state(), record, parts_.device);
}

void CudaStep::SumSquares() {
  const DeviceReplica& replica = parts_.replica;
  double* squares = &replica.state()->squares;
  CheckCuda(cudaMemsetAsync(squares, 0, sizeof *squares, parts_.device.stream()),
            "cudaMemsetAsync");
  replica.shard().ForEach({0, layout_.learned_floats}, [&](Range part, size_t) {
    SumOfSquares(replica.gradients() + part.begin, part.size(), false, squares, parts_.device);
  });
  if (constants_.shards) parts_.reducer.Sum({squares, 1});
}

void CudaStep::Update() {
  const DeviceReplica& replica = parts_.replica;
  const CudaDevice& device = parts_.device;
  if (constants_.dynamic_loss_scale || constants_.clip_norm != 0 || constants_.shards) SumSquares();
  PrepareUpdate(constants_, replica.record(), replica.state(), device);
  for (const auto& slice : layout_.slices) {
    if (slice.role == ParameterRole::kStatistic) {
      UpdateStatistics(replica.SliceOf(slice), slice.momentum, device);
      continue;
    }
    replica.ForEachUpdate(
        slice, [&](const CudaSliceUpdate& update) { parts_.optimizer.UpdateCuda(update, device); });
  }
  if (!constants_.shards) return;
  EnterPhase("gather of parameters");
  parts_.reducer.Gather(replica.trainable());
  replica.CopyTrainable();
}

CudaPlan& CudaStep::PlanFor(size_t arena, int64_t rows) {
  const auto found =
      std::ranges::find_if(plans_[arena], [&](auto& plan) { return plan->rows() == rows; });
  Check(found != plans_[arena].end(), "no plan was compiled for this number of samples");
  return **found;
}

std::string CudaStep::FirstNonFiniteLayer() const {
  if (latest_ == nullptr) return "";
  const auto finite = [](float value) { return std::isfinite(value); };
  for (const auto& [name, output] : latest_->outputs()) {
    if (!std::ranges::all_of(HostTensor(output, parts_.device).values(), finite)) return name;
  }
  return "";
}

}  // namespace seve
