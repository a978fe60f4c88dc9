#include "model/cpu_executor.h"

#include <algorithm>
#include <cmath>

#include "comm/tree_sum.h"
#include "model/cpu_pass.h"
#include "model/micro_batch_tree.h"
#include "model/step_failure.h"
#include "optim/norm.h"
#include "optim/running_mean.h"

namespace seve {
namespace {

std::vector<Buffer> MakeStates(const Optimizer& optimizer, const ParameterLayout& layout,
                               bool here) {
  std::vector<Buffer> states;
  for (size_t i = 0; i < optimizer.StateNames().size(); ++i) {
    states.emplace_back(here ? layout.trainable_floats * sizeof(float) : 0);
  }
  return states;
}

// Over ranks that exchange a few values at once, beside gradients that are announced.
class StatisticsOverRanks : public StatisticsReducer {
 public:
  explicit StatisticsOverRanks(Communicator& communicator) : communicator_(communicator) {}
  void Sum(std::span<double> values) override { communicator_.AllReduceSum(values); }

 private:
  Communicator& communicator_;
};

std::unique_ptr<StatisticsReducer> MakeStatistics(Communicator& communicator,
                                                  const ExecutorOptions& options) {
  if (!options.sync_batch_norm) return nullptr;
  return std::make_unique<StatisticsOverRanks>(communicator);
}

std::vector<ReplicaCheck::State> Named(const std::vector<Buffer>& states,
                                       const Optimizer& optimizer) {
  std::vector<ReplicaCheck::State> named;
  for (const auto& name : optimizer.StateNames()) {
    named.push_back({name, states[named.size()].As<float>()});
  }
  return named;
}

}  // namespace

CpuExecutor::CpuExecutor(const Graph& graph, const ParameterLayout& layout,
                         const ParameterArena& parameters, const Optimizer& optimizer,
                         Communicator& communicator, const ExecutorOptions& options)
    : layout_(layout),
      parameters_(parameters),
      optimizer_(optimizer),
      communicator_(communicator),
      seed_(options.seed),
      micro_batches_(options.micro_batches),
      reproducible_(options.reproducible),
      clip_norm_(options.clip_norm),
      make_pass_(CpuPasses(graph, layout, parameters)),
      statistics_(MakeStatistics(communicator, options)),
      window_(communicator.AllocateWindow(GradientArena::FloatsFor(layout))),
      gradients_(layout, window_->local()),
      reducer_(CutBuckets(layout, options.bucket_bytes), layout.learned_floats, gradients_,
               *window_, options.wire, options.shards_optimizer ? Legs::kSum : Legs::kBoth),
      penalty_(layout),
      states_(MakeStates(optimizer, layout, !options.shards_optimizer || communicator.rank() == 0)),
      replica_check_(
          layout, reducer_.buckets(), parameters,
          options.shards_optimizer ? std::vector<ReplicaCheck::State>() : Named(states_, optimizer),
          communicator) {
  if (options.shards_optimizer) shard_.emplace(Shard(reducer_.Owned()), optimizer.StateNames().size());
  MakeArenas();
  MakePlans(graph, options);
}

void CpuExecutor::MakeArenas() {
  arenas_.push_back(gradients_);
  const size_t count = reproducible_ ? static_cast<size_t>(ArenasFor(micro_batches_)) : 1;
  while (arenas_.size() < count) {
    more_arenas_.emplace_back(gradients_.all().size_bytes());
    arenas_.emplace_back(layout_, more_arenas_.back().As<float>());
  }
}

void CpuExecutor::MakePlans(const Graph& graph, const ExecutorOptions& options) {
  std::vector<PlanLayout> layouts;
  size_t bytes = 0;
  for (const int64_t rows : options.row_counts) {
    if (rows == 0 && statistics_ == nullptr) continue;
    // Captures need every gradient whole.
    const auto passes = options.captures == nullptr ? PlanPasses::kFollowing : PlanPasses::kWhole;
    layouts.push_back(
        LayOutPlan(graph, layout_, rows, PlanMode::kTraining, DType::kFloat32, passes));
    bytes = std::max(bytes, layouts.back().bytes);
  }
  memory_ = Buffer(bytes);
  for (const auto& arena : arenas_) {
    Plans& plans = plans_.emplace_back();
    for (const auto& plan : layouts) {
      plans.push_back(std::make_unique<Plan>(graph, layout_, plan, parameters_, &arena,
                                             memory_.data(), options.captures, statistics_.get()));
    }
  }
}

std::optional<StepOutcome> CpuExecutor::Step(Loader& loader, std::span<const Slice> micro_batches,
                                             const StepSettings& settings) {
  Check(static_cast<int64_t>(micro_batches.size()) == micro_batches_,
        "a step has another number of micro-batches than was compiled");
  for (int64_t i = 0; i < micro_batches_; ++i) {
    RunMicroBatch(loader, micro_batches[static_cast<size_t>(i)], i);
    if (reproducible_) AddCompletedPairs(i);
  }
  FillRecord(settings);
  communicator_.activity().EnterPhase("sum of gradients");
  reducer_.Finish();

  StepOutcome outcome{
      .step = settings.step, .learning_rate = settings.learning_rate, .sums = ReadRecord()};
  StepSums& sums = outcome.sums;
  sums.loss += sums.weight * penalty_.Value(parameters_);
  if (!replica_check_.FingerprintsAgree(gradients_.record()))
    replica_check_.Compare(settings.step - 1);
  if (!std::isfinite(sums.loss)) ThrowNonFiniteLoss(communicator_, non_finite_layer_, outcome);
  communicator_.activity().EnterPhase("update");
  penalty_.AddGradient(parameters_, gradients_.gradients(), sums.weight);
  const double squares = SumOfSquaredGradients();
  if ((shard_ && !std::isfinite(squares)) || !Update(settings, GradientScale(sums.weight, squares))) {
    ThrowNonFiniteGradient(FirstNonFiniteGradient(), outcome);
  }
  if (shard_) GatherParameters();
  communicator_.activity().EnterPhase("");
  return outcome;
}

void CpuExecutor::RunMicroBatch(Loader& loader, const Slice& slice, int64_t i) {
  const auto at = reproducible_ ? static_cast<size_t>(ArenaOf(i)) : 0;
  const GradientArena& arena = arenas_[at];
  const bool accumulate = !reproducible_ && i > 0;
  const bool empty = slice.count == 0, waits = empty && statistics_ == nullptr;
  Activity& activity = communicator_.activity();
  activity.EnterPhase("reading samples");
  Plan& plan = waits ? *plans_[at].front() : PlanFor(at, slice.count);
  const Slice brought = loader.Next(plan.inputs());
  Check(brought.position == slice.position && brought.count == slice.count,
        "the loader brought another micro-batch than the step expects");
  if (!accumulate) std::ranges::fill(empty ? arena.all() : arena.record(), 0.0f);
  if (waits) return;

  const StepContext context{.seed = seed_,
                            .epoch = slice.epoch,
                            .position = slice.position,
                            .accumulate = accumulate || empty,
                            .trace = activity.trace()};
  activity.EnterPhase("forward");
  const LossSums sums = plan.Forward(context);
  if (!std::isfinite(sums.loss) && non_finite_layer_.empty()) {
    non_finite_layer_ = plan.FirstNonFiniteLayer();
  }
  arena.Record(RecordField::kLoss) += static_cast<float>(sums.loss);
  arena.Record(RecordField::kWeight) += static_cast<float>(sums.weight);
  arena.Record(RecordField::kCorrect) += static_cast<float>(sums.correct);
  arena.Record(RecordField::kSamples) += static_cast<float>(slice.count);
  // Gradients that are added to others afterwards are not final yet.
  const bool final = i + 1 == micro_batches_ && (!reproducible_ || micro_batches_ == 1);
  activity.EnterPhase("backward");
  plan.Backward(context, [&](int node) {
    if (final) reducer_.NodeDone(node);
  });
}

void CpuExecutor::AddCompletedPairs(int64_t i) {
  auto right = static_cast<size_t>(ArenaOf(i));
  for (int pair = 0; pair < PairsCompletedBy(i); ++pair, --right) {
    const std::span<float> sum = arenas_[right - 1].all();
    const float* const halves[] = {sum.data(), arenas_[right].all().data()};
    TreeSum(halves, sum.size(), sum.data());
  }
}

void CpuExecutor::FillRecord(const StepSettings& settings) {
  gradients_.Record(RecordField::kStop) = settings.stop ? 1 : 0;
  gradients_.Record(RecordField::kEnd) = static_cast<float>(settings.end);
  if (settings.compare_replicas) replica_check_.WriteFingerprint(gradients_.record());
}

StepSums CpuExecutor::ReadRecord() const {
  return {.loss = gradients_.Record(RecordField::kLoss),
          .weight = gradients_.Record(RecordField::kWeight),
          .correct = gradients_.Record(RecordField::kCorrect),
          .stop = gradients_.Record(RecordField::kStop) > 0,
          .end = static_cast<ExitCode>(gradients_.Record(RecordField::kEnd))};
}

Plan& CpuExecutor::PlanFor(size_t arena, int64_t rows) {
  const auto found =
      std::ranges::find_if(plans_[arena], [&](auto& plan) { return plan->rows() == rows; });
  Check(found != plans_[arena].end(), "no plan was compiled for this number of samples");
  return **found;
}

double CpuExecutor::SumOfSquaredGradients() const {
  if (!shard_) {
    return clip_norm_ == 0 ? 0 : SumOfSquares(gradients_.gradients().first(layout_.learned_floats));
  }
  double sum = shard_->SumOfSquares(gradients_.gradients());
  communicator_.AllReduceSum({&sum, 1});
  return sum;
}

float CpuExecutor::GradientScale(double weight, double sum_of_squares) const {
  const double scale = 1.0 / weight;
  if (clip_norm_ == 0) return static_cast<float>(scale);
  const double norm = std::sqrt(sum_of_squares) * scale;
  return static_cast<float>(norm > clip_norm_ ? scale * clip_norm_ / norm : scale);
}

bool CpuExecutor::Update(const StepSettings& settings, float gradient_scale) {
  // With shards, whole states are those of a checkpoint.
  for (size_t i = 0; shard_ && i < states_.size(); ++i) states_[i] = Buffer();
  bool finite = true;
  for (const auto& slice : layout_.slices) {
    const Range all = {slice.begin, slice.end};
    if (slice.role == ParameterRole::kStatistic) {
      finite &= UpdateStatistics(slice);
      continue;
    }
    SliceUpdate update{
        .parameters = {},
        .gradients = {},
        .states = {},
        .gradient_scale = gradient_scale,
        .learning_rate = static_cast<float>(settings.learning_rate) * slice.learning_rate_scale,
        .weight_decay = slice.weight_decay,
        .step = settings.step};
    if (shard_) {
      shard_->ForEach(all, [&](Range part, const auto& states) {
        update.states = states;
        finite &= UpdateRange(part, update);
      });
      continue;
    }
    for (size_t i = 0; i < states_.size(); ++i) {
      update.states[i] = OptimizerState(i).subspan(all.begin, all.size());
    }
    finite &= UpdateRange(all, update);
  }
  return finite;
}

bool CpuExecutor::UpdateRange(Range range, SliceUpdate update) const {
  update.parameters = parameters_.trainable().subspan(range.begin, range.size());
  update.gradients = gradients_.gradients().subspan(range.begin, range.size());
  return optimizer_.UpdateCpu(update);
}

void CpuExecutor::GatherParameters() {
  communicator_.activity().EnterPhase("gather of parameters");
  const auto gradients = gradients_.gradients();
  for (const Range range : shard_->owned()) {
    std::ranges::copy(learned().subspan(range.begin, range.size()),
                      gradients.begin() + range.begin);
  }
  reducer_.Gather();
  std::ranges::copy(gradients.first(layout_.learned_floats), learned().begin());
}

void CpuExecutor::CollectStates() {
  if (!shard_) return;
  if (communicator_.rank() == 0) states_ = MakeStates(optimizer_, layout_, true);
  const auto gradients = gradients_.gradients();
  for (size_t i = 0; i < states_.size(); ++i) {
    shard_->Put(i, gradients);
    reducer_.Gather();
    if (communicator_.rank() != 0) continue;
    std::ranges::copy(gradients.first(layout_.learned_floats), OptimizerState(i).begin());
  }
}

void CpuExecutor::ShareStates(Communicator& communicator, size_t states) {
  if (!shard_) return Executor::ShareStates(communicator, states);
  const auto gradients = gradients_.gradients();
  for (size_t i = 0; i < states; ++i) {
    if (communicator.rank() == 0) std::ranges::copy(OptimizerState(i), gradients.begin());
    communicator.Broadcast(std::as_writable_bytes(gradients), 0);
    shard_->Keep(i, gradients);
  }
}

bool CpuExecutor::UpdateStatistics(const UpdateSlice& slice) const {
  const RunningMean rule = {.momentum = slice.momentum,
                            .share = 1.0f / gradients_.Record(RecordField::kSamples)};
  const size_t count = slice.end - slice.begin;
  return UpdateRunningMeans(rule, gradients_.gradients().subspan(slice.begin, count),
                            parameters_.trainable().subspan(slice.begin, count));
}

std::string CpuExecutor::FirstNonFiniteGradient() const {
  const auto finite = [&](Range range) {
    return std::isfinite(SumOfSquares(gradients_.gradients().subspan(range.begin, range.size())));
  };
  std::string first;
  for (const auto& parameter : layout_.parameters) {
    if (parameter.frozen || !first.empty()) continue;
    const Range all = {parameter.offset, parameter.offset + parameter.count};
    bool good = shard_ || finite(all);
    if (shard_) shard_->ForEach(all, [&](Range part, const auto&) { good &= finite(part); });
    if (!good) first = parameter.name;
  }
  return shard_ ? FirstOfRanks(communicator_, first) : first;
}

}  // namespace seve
