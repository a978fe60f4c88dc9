#include "train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/signals.h"
#include "comm/broadcast_text.h"
#include "train/agreement.h"
#include "train/run_summary.h"
#include "train/snapshot.h"

namespace seve {
namespace {

constexpr double kProgressSeconds = 0.1;
constexpr int64_t kReportsPerEpoch = 20;

int64_t TotalSteps(const config::Config& config, const BatchGeometry& geometry) {
  return config.has_steps() ? config.steps() : config.epochs() * geometry.steps_per_epoch();
}

Pace ReportPace(const config::Config& config, const BatchGeometry& geometry) {
  if (config.reporting().has_every_steps())
    return Pace::EverySteps(config.reporting().every_steps());
  return Pace::EverySteps(std::max<int64_t>(1, geometry.steps_per_epoch() / kReportsPerEpoch));
}

// Unset, checkpoints go with the evaluations.
Pace CheckpointPace(const config::Config& config, int64_t steps_per_epoch) {
  const auto& checkpoints = config.checkpoints();
  if (checkpoints.has_every_steps() || checkpoints.has_every_epochs()) {
    return PaceOf(checkpoints, steps_per_epoch);
  }
  return PaceOf(config.evaluation(), steps_per_epoch);
}

}  // namespace

Trainer::Trainer(const Setup& setup, const BatchGeometry& geometry, Context& context,
                 std::string run_directory)
    : setup_(setup),
      geometry_(geometry),
      context_(context),
      run_directory_(std::move(run_directory)),
      parameters_(setup.layout),
      executor_(setup.graph, setup.layout, parameters_, *setup.optimizer, context.communicator,
                config().seed(), geometry.RowCounts()),
      evaluator_(setup.graph, setup.layout, parameters_, config().evaluation().batch_size()),
      checkpoints_(run_directory_ + "/checkpoints", config().checkpoints().keep()),
      evaluation_pace_(PaceOf(config().evaluation(), geometry.steps_per_epoch())),
      checkpoint_pace_(CheckpointPace(config(), geometry.steps_per_epoch())),
      report_pace_(ReportPace(config(), geometry)),
      total_steps_(TotalSteps(config(), geometry)),
      base_rate_(setup.LearningRate(geometry.batch())) {
  slices_.resize(static_cast<size_t>(geometry.local_micro_batches()));
  if (IsRoot()) parameters_.Initialize(config().seed());
}

void Trainer::Resume(const LoadedCheckpoint* checkpoint) {
  RunAgreed(context_.communicator, [&] {
    if (checkpoint != nullptr) RestoreSnapshot(setup_, *checkpoint, parameters_, executor_);
  });
  const auto bytes = BroadcastText(
      context_.communicator, checkpoint == nullptr ? "" : checkpoint->state.SerializeAsString());
  config::TrainingState state;
  Check(state.ParseFromString(bytes), "the broadcast training state cannot be read");

  step_ = state.step();
  resumed_at_ = step_;
  checkpoint_step_ = step_;
  seconds_before_ = state.seconds();
  best_ = state.best();
  since_validation_ = {.loss_sum = state.interval_loss(),
                       .weight = state.interval_weight(),
                       .correct = state.interval_correct()};
}

EndEvent Trainer::Run() {
  EnterSection(config().deadlines().start(), "start");
  Begin();
  EnterSection(config().deadlines().step(), "step");
  try {
    if (TrainToEnd() == ExitCode::kStopped) {
      return Finish(ExitCode::kStopped, "stopped on request");
    }
  } catch (const Error& error) {
    // Decided from reduced values, so by every rank in the same step.
    if (error.code() != ExitCode::kNumerical) throw;
    Finish(error.code(), error.what());
    throw AgreedError(error.code(), error.what(), error.where());
  }
  if (config().evaluation().test() && setup_.data.test->size() > 0) Test();
  return Finish(write_failure_, write_failure_ == ExitCode::kDone ? "done" : "checkpoint not written");
}

ExitCode Trainer::TrainToEnd() {
  while (step_ < total_steps_) {
    const bool stop = Step().stop && step_ < total_steps_;
    const bool last = step_ == total_steps_ || stop;
    bool is_best = false;
    if (evaluation_pace_.Due(step_) || step_ == total_steps_) is_best = Validate();
    if (checkpoint_pace_.Due(step_) || is_best || last) WriteCheckpoint(is_best);
    if (stop) return ExitCode::kStopped;
  }
  return ExitCode::kDone;
}

void Trainer::Begin() {
  BroadcastReplica();
  if (IsRoot()) {
    RunSummary summary = Summarise(setup_, geometry_, context_.communicator, total_steps_);
    summary.run_directory = run_directory_;
    summary.resumed_at_step = resumed_at_;
    Tell(&RunObserver::OnStart, summary);
  }
  const auto& data = setup_.configuration.proto.data();
  const int prefetch =
      data.has_prefetch() ? data.prefetch() : (setup_.data.train->InMemory() ? 0 : 2);
  loader_ = std::make_unique<Loader>(
      *setup_.data.train, setup_.sampler, [this](int64_t i) { return geometry_.Request(i); },
      step_ * geometry_.local_micro_batches(), prefetch);
  clock_.Restart();
}

StepSums Trainer::Step() {
  const Stopwatch watch;
  const int64_t first = step_ * geometry_.local_micro_batches();
  for (size_t i = 0; i < slices_.size(); ++i) {
    slices_[i] = geometry_.Request(first + static_cast<int64_t>(i));
  }
  const StepSettings settings{.step = step_ + 1,
                              .learning_rate = static_cast<float>(LearningRate(step_)),
                              .clip_norm = config().optimizer().clip_norm(),
                              .stop = StopRequested()};
  const StepSums sums = executor_.Step(*loader_, slices_, settings);
  ++step_;
  const double seconds = watch.Seconds();
  since_report_.Add(sums, seconds);
  since_validation_.Add(sums, seconds);
  this_start_.Add(sums, seconds);
  if (IsRoot()) ReportStep();
  return sums;
}

void Trainer::ReportStep() {
  const bool log = report_pace_.Due(step_);
  if (!log && progress_clock_.Seconds() < kProgressSeconds) return;
  const Meter& meter = log ? since_report_ : since_validation_;
  Tell(&RunObserver::OnStep, StepEvent{.step = step_,
                                       .epoch = Epoch(step_),
                                       .loss = meter.loss(),
                                       .accuracy = AccuracyIfAny(meter.accuracy()),
                                       .learning_rate = LearningRate(step_ - 1),
                                       .samples_per_second = meter.samples_per_second(),
                                       .seconds = Seconds(),
                                       .log = log});
  if (log) since_report_ = {};
  progress_clock_.Restart();
}

bool Trainer::Validate() {
  if (setup_.sampler.validation_size() == 0) {
    since_validation_ = {};
    return false;
  }
  auto event = Evaluate(*setup_.data.train, setup_.sampler.validation_size(), "validation",
                        [this](int64_t position) { return setup_.sampler.Validation(position); });
  event.train_loss = since_validation_.loss();
  event.train_accuracy = AccuracyIfAny(since_validation_.accuracy());
  event.train_samples_per_second = since_validation_.samples_per_second();
  event.improved = UpdateBest(event);
  since_validation_ = {};
  Tell(&RunObserver::OnEvaluation, event);
  return event.improved;
}

void Trainer::Test() {
  const auto event = Evaluate(*setup_.data.test, setup_.data.test->size(), "test",
                              [](int64_t position) { return position; });
  end_.test_loss = event.loss;
  end_.test_accuracy = event.accuracy;
  Tell(&RunObserver::OnEvaluation, event);
}

EvaluationEvent Trainer::Evaluate(const Dataset& data, int64_t samples, const char* split,
                                  const std::function<int64_t(int64_t)>& index) {
  EnterSection(config().deadlines().evaluation(), "evaluation");
  const Stopwatch watch;
  const auto sums = evaluator_.Run(data, samples, index, context_.communicator,
                                   config().evaluation().on() == config::RANK_0);
  EnterSection(config().deadlines().step(), "step");
  return {.step = step_,
          .epoch = Epoch(step_),
          .split = split,
          .loss = sums.loss,
          .accuracy = AccuracyIfAny(sums.accuracy),
          .train_loss = {},
          .train_accuracy = {},
          .samples = sums.samples,
          .samples_per_second = static_cast<double>(sums.samples) / watch.Seconds(),
          .train_samples_per_second = 0,
          .learning_rate = LearningRate(step_ - 1),
          .seconds = Seconds(),
          .improved = false};
}

bool Trainer::UpdateBest(const EvaluationEvent& event) {
  const bool better =
      !best_.has_step() || (event.accuracy ? *event.accuracy > best_.validation_accuracy()
                                           : event.loss < best_.validation_loss());
  if (!better) return false;
  best_.set_step(step_);
  best_.set_validation_loss(event.loss);
  if (event.accuracy) best_.set_validation_accuracy(*event.accuracy);
  return true;
}

void Trainer::WriteCheckpoint(bool is_best) {
  EnterSection(config().deadlines().checkpoint(), "checkpoint");
  if (IsRoot() && checkpoint_step_ != step_) {
    config::TrainingState state;
    state.set_step(step_);
    state.set_epoch(step_ / geometry_.steps_per_epoch());
    state.set_position(step_ % geometry_.steps_per_epoch() * geometry_.batch());
    state.set_seconds(Seconds());
    *state.mutable_best() = best_;
    state.set_interval_loss(since_validation_.loss_sum);
    state.set_interval_weight(since_validation_.weight);
    state.set_interval_correct(since_validation_.correct);
    try {
      const Stopwatch watch;
      const auto path =
          checkpoints_.Write(TakeSnapshot(setup_, parameters_, executor_, state), is_best);
      checkpoint_step_ = step_;
      write_failure_ = ExitCode::kDone;
      end_.model_path = path + "/model.safetensors";
      Tell(&RunObserver::OnCheckpoint, CheckpointEvent{.step = step_,
                                                       .epoch = Epoch(step_),
                                                       .path = path,
                                                       .write_seconds = watch.Seconds(),
                                                       .seconds = Seconds()});
    } catch (const Error& error) {
      write_failure_ = error.code();
      context_.logger.Error(std::string("checkpoint not written, training goes on: ") +
                            error.what());
    }
  }
  context_.communicator.Barrier();
  EnterSection(config().deadlines().step(), "step");
}

EndEvent Trainer::Finish(ExitCode code, const std::string& reason) {
  end_.step = step_;
  end_.epoch = Epoch(step_);
  end_.exit_code = static_cast<int>(code);
  end_.reason = reason;
  end_.seconds = Seconds();
  end_.train_seconds = this_start_.seconds;
  end_.samples_per_second = this_start_.samples_per_second();
  if (best_.has_step()) {
    end_.best_step = best_.step();
    end_.best_validation_loss = best_.validation_loss();
    if (best_.has_validation_accuracy())
      end_.best_validation_accuracy = best_.validation_accuracy();
  }
  Tell(&RunObserver::OnEnd, end_);
  return end_;
}

void Trainer::BroadcastReplica() {
  auto& communicator = context_.communicator;
  communicator.Broadcast(std::as_writable_bytes(parameters_.trainable()), 0);
  communicator.Broadcast(std::as_writable_bytes(parameters_.frozen()), 0);
  for (size_t i = 0; i < setup_.optimizer->StateNames().size(); ++i) {
    communicator.Broadcast(std::as_writable_bytes(executor_.OptimizerState(i)), 0);
  }
}

void Trainer::EnterSection(double deadline, const char* name) {
  context_.communicator.SetDeadline(deadline, name);
}

double Trainer::Epoch(int64_t step) const {
  return static_cast<double>(step) / static_cast<double>(geometry_.steps_per_epoch());
}

double Trainer::LearningRate(int64_t step) const {
  return base_rate_ * setup_.schedule->Factor(Epoch(step), Epoch(total_steps_));
}

std::optional<double> Trainer::AccuracyIfAny(double accuracy) const {
  if (!setup_.graph.losses.front().loss->IsClassification()) return std::nullopt;
  return accuracy;
}

}  // namespace seve
