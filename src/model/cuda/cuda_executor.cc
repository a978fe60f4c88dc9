#include "model/cuda/cuda_executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>

#include "model/cuda/cuda_pass.h"
#include "model/cuda/event_wait.h"
#include "model/cuda/host_tensor.h"
#include "model/cuda/memory_needs.h"
#include "model/step_failure.h"
#include "optim/norm.h"
#include "tensor/cuda/nvtx_range.h"

namespace seve {
namespace {

// The data set stays on the GPU when it takes at most this share of what else is free there.
constexpr size_t kResidentShare = 4;

FeedOptions FeedOptionsOf(const ExecutorOptions& options, uint64_t seed) {
  return {.micro_batches = options.micro_batches,
          .most_rows = std::ranges::max(options.row_counts),
          .seed = seed};
}

size_t FreeBytes() {
  size_t free = 0, total = 0;
  CheckCuda(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
  return free;
}

// Of everything but the data set.
MemoryNeeds NeedsOf(const Graph& graph, const ParameterLayout& layout, const Optimizer& optimizer,
                    const ExecutorOptions& options, Precision precision, int ranks) {
  const DType activation = ActivationType(precision);
  const size_t trainable = layout.trainable_floats * sizeof(float);
  const size_t all = trainable + layout.frozen_floats * sizeof(float);
  const size_t copies =
      activation == DType::kFloat32 ? 0 : all / sizeof(float) * SizeOf(activation);
  MemoryNeeds needs;
  needs.Add("parameters", all + copies);
  needs.Add("gradients", CudaStep::Arenas(options) * trainable);
  if (ranks > 1 && options.wire == Wire::kBfloat16) {
    needs.Add("gradients as they travel", trainable / 2);
  }
  needs.Add(fmt::format("optimizer ({})", optimizer.kind()),
            optimizer.StateNames().size() * trainable /
                static_cast<size_t>(options.shards_optimizer ? ranks : 1));
  needs.Add(fmt::format("activations of {} samples", std::ranges::max(options.row_counts)),
            CudaStep::ActivationBytes(graph, layout, options, activation));
  return needs;
}

// Checks the memory before anything is allocated that may not fit.
const CudaDevice& Fitting(const CudaDevice& device, const MemoryNeeds& needs) {
  needs.Check(fmt::format("GPU {}", device.ordinal()), FreeBytes());
  return device;
}

std::unique_ptr<GpuCommunicator> MakeGpus(Communicator& communicator, const ParameterLayout& layout,
                                          const ExecutorOptions& options, const CudaOptions& cuda) {
  if (communicator.size() == 1) return nullptr;
  const size_t longest =
      options.reproducible ? DeviceReducer::Longest(CutDeviceBuckets(layout, options.bucket_bytes))
                           : 0;
  return MakeGpuCommunicator(communicator,
                             {.longest_tree_sum = longest, .shared_gpu = cuda.shared_gpu});
}

std::unique_ptr<SampleFeed> MakeFeed(const Dataset& data, const Sampler& sampler,
                                     const FeedOptions& options, bool keep, StepState* state,
                                     const CudaDevice& device) {
  if (keep && CanBeResident(data) && ResidentBytes(data) <= FreeBytes() / kResidentShare) {
    return MakeResidentFeed(data, sampler, options, state, device);
  }
  return MakeStagedFeed(data, options, state, device);
}

// A rank alone owns everything.
ExecutorOptions OptionsFor(const Communicator& communicator, ExecutorOptions options) {
  options.shards_optimizer = options.shards_optimizer && communicator.size() > 1;
  return options;
}

// What this rank updates.
Shard ShardOf(const ParameterLayout& layout, const ExecutorOptions& options,
              const GpuCommunicator* gpus) {
  if (!options.shards_optimizer) return Shard({{0, layout.trainable_floats}});
  return Shard(DeviceReducer::Owned(CutDeviceBuckets(layout, options.bucket_bytes),
                                    layout.learned_floats, *gpus));
}

DeviceSums SumsOf(const ParameterLayout& layout, const ExecutorOptions& options) {
  return {.exact = layout.learned_floats,
          .tree = options.reproducible,
          .wire = options.wire,
          .legs = options.shards_optimizer ? Legs::kSum : Legs::kBoth};
}

// Those that every rank has: not with shards.
std::vector<ReplicaCheck::State> Named(const DeviceReplica& replica, const Optimizer& optimizer,
                                       const ExecutorOptions& options) {
  std::vector<ReplicaCheck::State> named;
  if (options.shards_optimizer) return named;
  for (const auto& name : optimizer.StateNames()) {
    named.push_back({name, replica.host_state(named.size())});
  }
  return named;
}

}  // namespace

CudaExecutor::CudaExecutor(const Graph& graph, const ParameterLayout& layout,
                           const ParameterArena& parameters, const Optimizer& optimizer,
                           Communicator& communicator, const Dataset& data, const Sampler& sampler,
                           const ExecutorOptions& options, const CudaOptions& cuda)
    : graph_(graph),
      layout_(layout),
      communicator_(communicator),
      states_(optimizer.StateNames().size()),
      options_(OptionsFor(communicator, options)),
      precision_(cuda.precision),
      device_(cuda.ordinal),
      gpus_(MakeGpus(communicator, layout, options_, cuda)),
      replica_(layout, parameters, optimizer, ShardOf(layout, options_, gpus_.get()),
               CudaStep::Arenas(options_), cuda.precision,
               Fitting(device_, NeedsOf(graph, layout, optimizer, options_, cuda.precision,
                                        communicator.size()))),
      scope_{.device = device_,
             .precision = cuda.precision,
             .seed = options_.seed,
             .place = &replica_.state()->place,
             .loss_scale = cuda.precision == Precision::kFp16 ? &replica_.state()->loss_scale.scale
                                                              : nullptr},
      feed_(MakeFeed(data, sampler, FeedOptionsOf(options_, sampler.seed()), cuda.keep_data,
                     replica_.state(), device_)),
      inputs_(kStepSlots * sizeof(StepInput)),
      outputs_(kStepSlots * sizeof(StepOutput)),
      reducer_(CutDeviceBuckets(layout, options_.bucket_bytes), replica_.gradients(), gpus_.get(),
               SumsOf(layout, options_), device_),
      step_(graph, layout,
            {.device = device_,
             .replica = replica_,
             .feed = *feed_,
             .reducer = reducer_,
             .optimizer = optimizer,
             .inputs = inputs_.As<StepInput>(),
             .outputs = outputs_.As<StepOutput>()},
            scope_, options_),
      graphs_(device_, cuda.eager),
      replica_check_(layout, CutBuckets(layout, options_.bucket_bytes), parameters,
                     Named(replica_, optimizer, options_), communicator) {
  for (auto& event : over_) event = MakeEvent();
  done_ = MakeEvent();
  if (shards() && communicator.rank() != 0) replica_.KeepHostStates(false);
  if (gpus_ != nullptr) gpus_->Register(replica_.gradients(), replica_.arena_floats());
  if (options_.captures != nullptr) CaptureOnHost(*options_.captures);
}

// What is under way reads and writes memory that is freed after this, and the communicator knows
// the graphs and some of the memory. Where a peer is lost, sums would never end: then the
// communicator is not waited for.
CudaExecutor::~CudaExecutor() {
  const bool unwinds = std::uncaught_exceptions() > 0;
  if (!unwinds) NoteCuda(cudaStreamSynchronize(device_.stream()), "the last steps on the GPU");
  graphs_.Clear();
  gpus_.reset();
  if (unwinds) NoteCuda(cudaStreamSynchronize(device_.stream()), "the last steps on the GPU");
}

void CudaExecutor::CaptureOnHost(Captures& captures) {
  captures.ReadWith([this](const Tensor& tensor, bool gradient, std::byte* out) {
    CopyToHost(tensor, out, device_);
    if (!gradient || precision_ != Precision::kFp16) return;
    StepState state;
    CopyToHost(replica_.state(), std::as_writable_bytes(std::span(&state, 1)), device_.stream());
    const std::span values(reinterpret_cast<float*>(out), static_cast<size_t>(tensor.elements()));
    for (float& value : values) value /= state.used_scale;
  });
}

std::optional<StepOutcome> CudaExecutor::Step(Loader& loader, std::span<const Slice> micro_batches,
                                              const StepSettings& settings) {
  const NvtxRange range("step");
  std::optional<StepOutcome> outcome;
  if (started_ - told_ == kStepsBehind) outcome = NextOutcome();

  if (shards()) replica_.KeepHostStates(false);  // those of a checkpoint
  const auto slot = static_cast<size_t>(started_ % kStepSlots);
  inputs_.As<StepInput>()[slot] = {.step = settings.step,
                                   .learning_rate = static_cast<float>(settings.learning_rate),
                                   .stop = settings.stop ? 1.0f : 0.0f,
                                   .end = static_cast<float>(settings.end)};
  Activity& activity = communicator_.activity();
  activity.EnterPhase("reading samples");
  feed_->Prepare(loader, micro_batches, static_cast<int>(slot));
  activity.EnterPhase("starting the step");
  rows_.clear();
  for (const Slice& slice : micro_batches) rows_.push_back(slice.count);
  rows_.push_back(settings.compare_replicas ? 1 : 0);
  const auto enqueue = [&] {
    step_.Enqueue(std::span(rows_).first(micro_batches.size()), settings.compare_replicas);
  };
  if (activity.trace() != nullptr) {
    RunTraced(enqueue);
  } else {
    graphs_.Run(rows_, options_.captures != nullptr && options_.captures->on(), enqueue);
  }
  CheckCuda(cudaEventRecord(over_[slot].get(), device_.stream()), "cudaEventRecord");
  pending_[slot] = {.step = settings.step, .learning_rate = settings.learning_rate};
  ++started_;
  return outcome;
}

// What the host does meanwhile stays out of the trace: it happens beside what the GPU does.
void CudaExecutor::RunTraced(const std::function<void()>& enqueue) {
  Activity& activity = communicator_.activity();
  Trace* const trace = activity.trace();
  activity.EnterPhase("");
  activity.SetTrace(nullptr);
  activity.EnterPhase("starting the step");
  WaitForGpu();
  device_.timeline().Begin(device_.stream());
  enqueue();
  activity.EnterPhase("waiting for the GPU");
  WaitForGpu();
  device_.timeline().End(trace);
  activity.SetTrace(trace);
}

std::optional<StepOutcome> CudaExecutor::NextOutcome() {
  if (told_ == started_) return std::nullopt;
  const auto slot = static_cast<size_t>(told_ % kStepSlots);
  communicator_.activity().EnterPhase("waiting for the GPU");
  WaitFor(over_[slot], communicator_, gpus_.get());
  ++told_;
  const StepOutput output = outputs_.As<StepOutput>()[slot];
  Check(output.step == pending_[slot].step, "the GPU tells of another step than was started");
  const StepOutcome outcome = Read(pending_[slot], output);
  Judge(outcome, output);
  return outcome;
}

StepOutcome CudaExecutor::Read(const Pending& pending, const StepOutput& output) const {
  const auto field = [&](RecordField of) { return output.record[static_cast<size_t>(of)]; };
  const double weight = field(RecordField::kWeight);
  return {.step = pending.step,
          .learning_rate = pending.learning_rate,
          .sums = {.loss = static_cast<double>(field(RecordField::kLoss)) + weight * output.penalty,
                   .weight = weight,
                   .correct = field(RecordField::kCorrect),
                   .stop = field(RecordField::kStop) > 0,
                   .end = static_cast<ExitCode>(field(RecordField::kEnd))}};
}

void CudaExecutor::Judge(const StepOutcome& outcome, const StepOutput& output) {
  if (!replica_check_.FingerprintsAgree(output.record)) CompareReplicas(outcome.step - 1);
  if (!std::isfinite(outcome.sums.loss)) {
    ThrowNonFiniteLoss(communicator_, step_.FirstNonFiniteLayer(), outcome);
  }
  if (output.non_finite != 0) ThrowNonFiniteGradient(FirstNonFiniteGradient(), outcome);
}

// Of the latest step: parameters that a gradient spoiled spoil the next ones'.
std::string CudaExecutor::FirstNonFiniteGradient() {
  std::string first;
  for (const auto& parameter : layout_.parameters) {
    if (parameter.frozen || !first.empty()) continue;
    const auto values = Gradient(parameter).Flat<float>();
    const Range all = {parameter.offset, parameter.offset + parameter.count};
    replica_.shard().ForEach(all, [&](Range part, size_t) {
      const auto mine = values.subspan(part.begin - all.begin, part.size());
      if (!std::isfinite(SumOfSquares(mine))) first = parameter.name;
    });
  }
  if (shards()) first = FirstOfRanks(communicator_, first);
  return first.empty() ? "some parameter" : first;
}

void CudaExecutor::WaitForGpu() {
  CheckCuda(cudaEventRecord(done_.get(), device_.stream()), "cudaEventRecord");
  WaitFor(done_, communicator_, gpus_.get());
}

void CudaExecutor::Download() {
  replica_.Download();
  for (size_t i = 0; !shards() && i < states_; ++i) {
    replica_.CopyState(i, OptimizerState(i).data());
  }
  WaitForGpu();
}

void CudaExecutor::Upload() {
  replica_.Upload();
  for (size_t i = 0; !shards() && i < states_; ++i) replica_.SetState(i, OptimizerState(i));
}

// By way of the gradients, which the next step makes anew.
void CudaExecutor::CollectStates() {
  if (!shards()) return;
  const bool root = communicator_.rank() == 0;
  replica_.KeepHostStates(root);
  for (size_t i = 0; i < states_; ++i) {
    float* arena = replica_.gradients();
    replica_.CopyState(i, arena);
    reducer_.Gather(arena);
    WaitForGpu();
    if (!root) continue;
    const auto learned = OptimizerState(i).first(layout_.learned_floats);
    CopyToHost(arena, std::as_writable_bytes(learned), device_.stream());
  }
}

void CudaExecutor::ShareStates(Communicator& communicator, size_t states) {
  if (!shards()) return Executor::ShareStates(communicator, states);
  const Buffer all(layout_.trainable_floats * sizeof(float));
  for (size_t i = 0; i < states; ++i) {
    if (communicator.rank() == 0) std::ranges::copy(OptimizerState(i), all.As<float>().begin());
    communicator.Broadcast(std::as_writable_bytes(all.As<float>()), 0);
    replica_.SetState(i, all.As<float>());
  }
}

Tensor CudaExecutor::Gradient(const Parameter& parameter) {
  return replica_.DownloadGradient(parameter);
}

void CudaExecutor::CompareReplicas(int64_t step) {
  Download();
  replica_check_.Compare(step);
}

std::unique_ptr<Pass> CudaExecutor::MakePass(int64_t rows) {
  return MakeCudaPass(graph_, layout_, replica_, scope_, rows);
}

std::optional<LossScale> CudaExecutor::loss_scale() const {
  if (precision_ != Precision::kFp16) return std::nullopt;
  return replica_.loss_scale();
}

std::unique_ptr<Executor> MakeCudaExecutor(const Graph& graph, const ParameterLayout& layout,
                                           const ParameterArena& parameters,
                                           const Optimizer& optimizer, Communicator& communicator,
                                           const Dataset& data, const Sampler& sampler,
                                           const ExecutorOptions& options,
                                           const CudaOptions& cuda) {
  return std::make_unique<CudaExecutor>(graph, layout, parameters, optimizer, communicator, data,
                                        sampler, options, cuda);
}

}  // namespace seve
