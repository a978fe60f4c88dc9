#include "train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "base/signals.h"
#include "comm/agreement.h"
#include "comm/broadcast_text.h"
#include "train/dumper.h"
#include "train/figures.h"
#include "train/make_executor.h"
#include "train/make_loader.h"
#include "train/run_summary.h"
#include "train/snapshot.h"
#include "train/tensors.h"
#include "train/tracer.h"
#include "train/weight_average.h"
#include "train/weights.h"

namespace seve {
namespace {

// The best figure so far where it is one of `metric`. Checkpoints from before figures went by name
// hold the accuracy of classifiers, the loss of others.
std::optional<double> FigureOf(const config::Best& best, const std::string& metric) {
  if (!best.has_step()) return std::nullopt;
  if (best.has_metric())
    return best.metric() == metric ? std::optional(best.figure()) : std::nullopt;
  if (metric == "accuracy" && best.has_validation_accuracy()) return best.validation_accuracy();
  if (metric == "loss" && !best.has_validation_accuracy()) return best.validation_loss();
  return std::nullopt;
}

constexpr int64_t kReportsPerEpoch = 20;

Pace ReportPace(const config::Config& config, const BatchGeometry& geometry) {
  const auto& reporting = config.reporting();
  if (reporting.has_every_steps()) return Pace::EverySteps(reporting.every_steps());
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

Trainer::Trainer(const Setup& setup, const BatchGeometry& geometry, const Context& context,
                 std::string run_directory)
    : setup_(setup),
      geometry_(geometry),
      context_(context),
      run_directory_(std::move(run_directory)),
      parameters_(setup.layout),
      executor_(MakeExecutor(setup, geometry, context, parameters_)),
      judge_(setup, parameters_, context.communicator,
             [this](int64_t rows) { return executor_->MakePass(rows); }),
      reporter_(context, IsClassification(setup.graph), ReportPace(config(), geometry)),
      exhibits_(setup, geometry, context, parameters_, *executor_, reporter_),
      saver_(CheckpointStore(run_directory_ + "/checkpoints", config().checkpoints().keep(),
                             context.files),
             config().checkpoints().on_failure() == config::TRAIN_ON, context, reporter_),
      decisions_(config(), IsClassification(setup.graph)),
      best_figure_(config().evaluation().best(), IsClassification(setup.graph)),
      evaluation_pace_(PaceOf(config().evaluation(), geometry.steps_per_epoch())),
      checkpoint_pace_(CheckpointPace(config(), geometry.steps_per_epoch())),
      total_steps_(TotalSteps(config(), geometry)),
      base_rate_(setup.LearningRate(geometry.batch())) {
  slices_.resize(static_cast<size_t>(geometry.local_micro_batches()));
  if (IsRoot()) parameters_.Initialize(config().seed());
}

void Trainer::Resume(const LoadedCheckpoint* checkpoint) {
  RunAgreed(context_.communicator, [&] {
    if (checkpoint == nullptr) return;
    RestoreSnapshot(setup_, geometry_, *checkpoint, parameters_, *executor_);
    if (checkpoint->state.step() <= total_steps_) return;
    ThrowUsage(
        fmt::format("{}: this run has done {} steps, more than the {} the configuration asks "
                    "for: raise epochs or steps, or start anew with --overwrite",
                    checkpoint->path, checkpoint->state.step(), total_steps_));
  });
  config::TrainingState state;
  const auto bytes = BroadcastText(
      context_.communicator, checkpoint == nullptr ? "" : checkpoint->state.SerializeAsString());
  Check(state.ParseFromString(bytes), "the broadcast training state cannot be read");
  step_ = state.step();
  resumed_at_ = step_;
  saver_.RestoreBest(state.best());
  decisions_.Restore(state);
  if (state.has_loss_scaling()) {
    const auto& scaling = state.loss_scaling();
    executor_->RestoreLossScale({.scale = scaling.scale(),
                                 .good_steps = scaling.good_steps(),
                                 .updates = scaling.updates()});
  }
  reporter_.Restore(state, checkpoint == nullptr ? "" : checkpoint->path + "/model.safetensors");
}

EndEvent Trainer::Run() {
  EnterSection(config().deadlines().start(), "start");
  Begin();
  try {
    const ExitCode code = TrainToEnd();
    const ExitCode written = WaitForCheckpoint();
    if (code == ExitCode::kDone) {
      if (config().evaluation().restore_best()) RestoreBest();
      WithAverages(setup_, parameters_, *executor_, step_, [&] {
        exhibits_.Model(Now(), true);
        JudgeAtEnd();
      });
    }
    if (written != ExitCode::kDone) return Finish(written, "the last checkpoint was not written");
    if (code != ExitCode::kDone) return Finish(code, "stopped on request");
    const std::string early = decisions_.WhyEnd();
    return Finish(code, early.empty() || step_ == total_steps_ ? "done" : early);
  } catch (const AgreedError& error) {
    static_cast<void>(WaitForCheckpoint());
    Finish(error.code(), error.what());
    throw;
  }
}

void Trainer::Begin() {
  if (config().has_weights() && !resumed_at_) {
    RunAgreed(context_.communicator, [&] {
      if (!IsRoot()) return;
      LoadWeights(setup_.configuration, setup_.data_root, setup_.layout, parameters_);
    });
  }
  BroadcastReplica();
  if (IsRoot()) {
    RunSummary summary = Summarise(setup_, geometry_, context_, total_steps_);
    summary.run_directory = run_directory_;
    summary.transport = executor_->Transport();
    summary.resumed_at_step = resumed_at_;
    reporter_.Start(summary);
    if (geometry_.batch() > setup_.sampler.train_size()) {
      context_.logger.Warn(fmt::format(
          "the batch of {} is larger than the {} training samples: every step takes them all",
          geometry_.batch(), setup_.sampler.train_size()));
    }
  }
  loader_ = MakeLoader(setup_, geometry_, *executor_, step_);
  rate_ = LearningRate(std::max<int64_t>(step_ - 1, 0));
  exhibits_.Model(Now());
  if (context_.dumper != nullptr) context_.dumper->Start(step_, parameters_);
}

ExitCode Trainer::TrainToEnd() {
  while (step_ < total_steps_ && decisions_.WhyEnd().empty()) {
    Step();
    const bool final = step_ == total_steps_;
    const bool judge = evaluation_pace_.Due(step_) || final;
    const bool epoch = step_ % geometry_.steps_per_epoch() == 0;
    const bool asked = noted_.stop || noted_.end != ExitCode::kDone;
    if (judge || epoch || checkpoint_pace_.Due(step_) || asked) Settle();
    if (noted_.end != ExitCode::kDone) return noted_.end;
    const bool stop = noted_.stop && !final;
    const bool due = checkpoint_pace_.Due(step_) || final || stop;
    may_save_ = judge || due;
    if (may_save_) {
      executor_->CompareReplicas(step_);
      executor_->CollectStates();
    }
    std::optional<Improvement> improvement;
    if (judge) {
      WithAverages(setup_, parameters_, *executor_, step_, [&] {
        improvement = Validate();
        exhibits_.Model(Now());
      });
    }
    const bool last = final || !decisions_.WhyEnd().empty();
    if (epoch || last) reporter_.Epoch(Now());
    if (IsRoot() && (due || last || improvement)) Save(improvement);
    if (stop && !last) return ExitCode::kStopped;
  }
  return ExitCode::kDone;
}

void Trainer::Step() {
  if (!under_way_) lap_.Restart();
  under_way_ = true;
  const int64_t first = step_ * geometry_.local_micro_batches();
  for (size_t i = 0; i < slices_.size(); ++i) {
    slices_[i] = geometry_.Request(first + static_cast<int64_t>(i));
  }
  EnterSection(config().deadlines().step(), "step");
  context_.communicator.activity().SetStep(step_ + 1);
  if (IsRoot()) saver_.Poll();
  if (context_.dumper != nullptr) context_.dumper->Begin(step_ + 1);
  if (context_.tracer != nullptr) context_.tracer->Begin(step_ + 1);
  rate_ = LearningRate(step_);
  const bool end = config().checkpoints().on_failure() == config::END_RUN;
  const StepSettings settings{.step = step_ + 1,
                              .learning_rate = rate_,
                              .stop = StopRequested(),
                              .end = end ? saver_.failure() : ExitCode::kDone,
                              .compare_replicas = ComparesReplicas(step_)};
  const auto outcome = executor_->Step(*loader_, slices_, settings);
  ++step_;
  if (context_.tracer != nullptr) {
    if (const auto traced = context_.tracer->End(step_)) {
      reporter_.Tell(&RunObserver::OnTrace, *traced);
    }
  }
  if (outcome) Note(*outcome);
  const bool dumps = context_.dumper != nullptr && context_.dumper->Wants(step_);
  if (!dumps && !exhibits_.LooksAt(step_)) return;
  Settle();
  executor_->Download();
  exhibits_.Step(Now(), noted_.weight);
  if (dumps) context_.dumper->End(step_, noted_.weight, *executor_, parameters_);
}

void Trainer::Note(const StepOutcome& outcome) {
  noted_ = outcome.sums;
  const Moment then{
      .step = outcome.step, .epoch = Epoch(outcome.step), .learning_rate = outcome.learning_rate};
  if (IsRoot()) reporter_.Step(then, outcome.sums, lap_.Seconds());
  lap_.Restart();
  under_way_ = outcome.step < step_;
}

void Trainer::Settle() {
  while (const auto outcome = executor_->NextOutcome()) Note(*outcome);
}

void Trainer::SaveLossScale(config::TrainingState* state) const {
  const auto scale = executor_->loss_scale();
  if (!scale) return;
  auto* scaling = state->mutable_loss_scaling();
  scaling->set_scale(scale->scale);
  scaling->set_good_steps(scale->good_steps);
  scaling->set_updates(scale->updates);
}

bool Trainer::ComparesReplicas(int64_t step) const {
  const int64_t every = config().replica_check().every_steps();
  return every > 0 && step > 0 && step % every == 0 && context_.communicator.size() > 1;
}

std::optional<Improvement> Trainer::Validate() {
  if (config().evaluation().train()) {
    const Judgement judgement = Evaluate(Split::kTrain);
    if (IsRoot()) reporter_.Evaluation(Now(), judgement);
  }
  if (judge_.Samples(Split::kValidation) == 0) return std::nullopt;
  const Judgement judgement = Evaluate(Split::kValidation);
  auto notes = decisions_.Look(judgement);
  if (!IsRoot()) return std::nullopt;
  const auto improvement = NoteIfBest(judgement);
  reporter_.Evaluation(Now(), judgement, improvement.has_value(), std::move(notes));
  return improvement;
}

std::optional<Improvement> Trainer::NoteIfBest(const Judgement& judgement) {
  const Improvement improvement{.metric = best_figure_.name,
                                .from = FigureOf(saver_.best(), best_figure_.name),
                                .to = judgement.Figure(best_figure_.name)};
  if (!best_figure_.Improves(improvement.to, improvement.from)) return std::nullopt;
  config::Best best;
  best.set_step(step_);
  best.set_figure(improvement.to);
  best.set_metric(improvement.metric);
  best.set_validation_loss(judgement.sums.loss);
  if (IsClassification(setup_.graph)) best.set_validation_accuracy(judgement.sums.accuracy);
  saver_.SetBest(best);
  return improvement;
}

Judgement Trainer::Evaluate(Split split) {
  EnterSection(config().deadlines().evaluation(), "evaluation");
  return judge_.Run(split);
}

void Trainer::RestoreBest() {
  executor_->CollectStates();
  RunAgreed(context_.communicator, [&] {
    if (!IsRoot() || !saver_.best().has_step()) return;
    const auto best = ReadCheckpoint(run_directory_ + "/checkpoints/best");
    const std::string path = best.path + "/model.safetensors";
    Restore(best.model, path, ModelTensors(setup_.layout, parameters_));
    // Which hold the averages, if there are any.
    Restore(best.optimizer, best.path + "/optimizer.safetensors",
            OptimizerTensors(setup_.layout, *setup_.optimizer, *executor_));
    reporter_.RestoredBest(path);
  });
  BroadcastReplica();
}

void Trainer::JudgeAtEnd() {
  const bool test = config().evaluation().test() && judge_.Samples(Split::kTest) > 0;
  const bool validates = judge_.Samples(Split::kValidation) > 0;
  const Split split = test ? Split::kTest : validates ? Split::kValidation : Split::kTrain;
  const auto collector = exhibits_.Collect(judge_, split);
  if (test || collector) {
    const Judgement judgement = Evaluate(split);
    if (test && IsRoot()) reporter_.Evaluation(Now(), judgement);
    if (collector) exhibits_.Predictions(Now(), *collector, judgement);
  }
  exhibits_.Surface();
}

void Trainer::Save(const std::optional<Improvement>& improvement) {
  EnterSection(config().deadlines().checkpoint(), "checkpoint");
  saver_.Save(Now(), improvement, [this] {
    config::TrainingState state;
    state.set_step(step_);
    state.set_epoch(step_ / geometry_.steps_per_epoch());
    state.set_position(step_ % geometry_.steps_per_epoch() * geometry_.batch());
    *state.mutable_best() = saver_.best();
    SaveLossScale(&state);
    reporter_.Save(&state);
    decisions_.Save(&state);
    return TakeSnapshot(setup_, geometry_, parameters_, *executor_, state);
  });
}

ExitCode Trainer::WaitForCheckpoint() {
  EnterSection(config().deadlines().checkpoint(), "checkpoint");
  if (IsRoot()) saver_.Wait();
  ExitCode failure = saver_.failure();
  context_.communicator.Broadcast(std::as_writable_bytes(std::span(&failure, 1)), 0);
  return failure;
}

EndEvent Trainer::Finish(ExitCode code, const std::string& reason) {
  const EndEvent end = reporter_.End(Now(), code, reason, saver_.best());
  // No rank leaves the watch of the others while rank 0 still writes its last lines.
  EnterSection(config().deadlines().checkpoint(), "end");
  context_.communicator.Barrier();
  return end;
}

void Trainer::BroadcastReplica() {
  auto& communicator = context_.communicator;
  communicator.Broadcast(std::as_writable_bytes(parameters_.trainable()), 0);
  communicator.Broadcast(std::as_writable_bytes(parameters_.frozen()), 0);
  executor_->ShareStates(communicator, setup_.optimizer->StateNames().size());
  executor_->Upload();
}

void Trainer::EnterSection(double deadline, const char* name) {
  // After a save the others wait for rank 0, which may still be writing the checkpoint before it.
  const double save = may_save_ ? config().deadlines().checkpoint() : 0;
  context_.communicator.SetDeadline(deadline + save, name);
}

double Trainer::Epoch(int64_t step) const {
  return static_cast<double>(step) / static_cast<double>(geometry_.steps_per_epoch());
}

double Trainer::LearningRate(int64_t step) const {
  return base_rate_ * decisions_.rate_factor() *
         setup_.schedule->Factor(Epoch(step), Epoch(total_steps_));
}

Moment Trainer::Now() const {
  return {.step = step_, .epoch = Epoch(step_), .learning_rate = rate_};
}

}  // namespace seve
