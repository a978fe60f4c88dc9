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

std::vector<Buffer> MakeStates(const Optimizer& optimizer, const ParameterLayout& layout) {
  std::vector<Buffer> states;
  for (size_t i = 0; i < optimizer.StateNames().size(); ++i) {
    states.emplace_back(layout.trainable_floats * sizeof(float));
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
               *window_, options.wire),
      penalty_(layout),
      states_(MakeStates(optimizer, layout)),
      replica_check_(layout, reducer_.buckets(), parameters, Named(states_, optimizer),
                     communicator) {
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
  if (!Update(settings, GradientScale(sums.weight))) {
    ThrowNonFiniteGradient(FirstNonFiniteGradient(), outcome);
  }
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

float CpuExecutor::GradientScale(double weight) const {
  const double scale = 1.0 / weight;
  if (clip_norm_ == 0) return static_cast<float>(scale);
  const auto learned = gradients_.gradients().first(layout_.learned_floats);
  const double norm = std::sqrt(SumOfSquares(learned)) * scale;
  return static_cast<float>(norm > clip_norm_ ? scale * clip_norm_ / norm : scale);
}

bool CpuExecutor::Update(const StepSettings& settings, float gradient_scale) {
  bool finite = true;
  for (const auto& slice : layout_.slices) {
    const size_t count = slice.end - slice.begin;
    if (slice.role == ParameterRole::kStatistic) {
      finite &= UpdateStatistics(slice);
      continue;
    }
    SliceUpdate update{
        .parameters = parameters_.trainable().subspan(slice.begin, count),
        .gradients = gradients_.gradients().subspan(slice.begin, count),
        .states = {},
        .gradient_scale = gradient_scale,
        .learning_rate = static_cast<float>(settings.learning_rate) * slice.learning_rate_scale,
        .weight_decay = slice.weight_decay,
        .step = settings.step};
    for (size_t i = 0; i < states_.size(); ++i) {
      update.states[i] = OptimizerState(i).subspan(slice.begin, count);
    }
    finite &= optimizer_.UpdateCpu(update);
  }
  return finite;
}

bool CpuExecutor::UpdateStatistics(const UpdateSlice& slice) const {
  const RunningMean rule = {.momentum = slice.momentum,
                            .share = 1.0f / gradients_.Record(RecordField::kSamples)};
  const size_t count = slice.end - slice.begin;
  return UpdateRunningMeans(rule, gradients_.gradients().subspan(slice.begin, count),
                            parameters_.trainable().subspan(slice.begin, count));
}

std::string CpuExecutor::FirstNonFiniteGradient() const {
  for (const auto& parameter : layout_.parameters) {
    if (parameter.frozen) continue;
    if (!std::isfinite(SumOfSquares(gradients_.At(parameter).Flat<float>()))) return parameter.name;
  }
  return "";
}

}  // namespace seve
