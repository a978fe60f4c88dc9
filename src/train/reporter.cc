#include "train/reporter.h"

namespace seve {
namespace {

// Between events that only feed a progress bar.
constexpr double kProgressSeconds = 0.1;

config::Interval ToMessage(const Meter& meter) {
  config::Interval interval;
  interval.set_loss_sum(meter.loss_sum);
  interval.set_weight(meter.weight);
  interval.set_correct(meter.correct);
  interval.set_seconds(meter.seconds);
  return interval;
}

Meter ToMeter(const config::Interval& interval) {
  return {.loss_sum = interval.loss_sum(),
          .weight = interval.weight(),
          .correct = interval.correct(),
          .seconds = interval.seconds()};
}

}  // namespace

Reporter::Reporter(const Context& context, bool classification, Pace pace)
    : context_(context), classification_(classification), pace_(pace) {}

void Reporter::Start(const RunSummary& summary) {
  Tell(&RunObserver::OnStart, summary);
  clock_.Restart();
}

void Reporter::Step(const Moment& now, const StepSums& sums, double step_seconds) {
  for (Meter* meter : {&since_report_, &since_validation_, &since_epoch_, &this_start_}) {
    meter->Add(sums, step_seconds);
  }
  const bool log = pace_.Due(now.step);
  if (!log && progress_clock_.Seconds() < kProgressSeconds) return;
  const Meter& meter = log ? since_report_ : since_epoch_;
  Tell(&RunObserver::OnStep, StepEvent{.step = now.step,
                                       .epoch = now.epoch,
                                       .loss = meter.loss(),
                                       .accuracy = IfAny(meter.accuracy()),
                                       .learning_rate = now.learning_rate,
                                       .samples_per_second = meter.samples_per_second(),
                                       .seconds = Seconds(),
                                       .log = log});
  if (log) since_report_ = {};
  progress_clock_.Restart();
}

void Reporter::Evaluation(const Moment& now, const Judgement& judgement, bool improved,
                          std::vector<std::string> notes) {
  EvaluationEvent event;
  event.step = now.step;
  event.epoch = now.epoch;
  event.split = NameOf(judgement.split);
  event.loss = judgement.sums.loss;
  event.accuracy = IfAny(judgement.sums.accuracy);
  event.metrics = judgement.metrics;
  event.confusion = judgement.confusion;
  event.samples = judgement.sums.samples;
  event.samples_per_second = static_cast<double>(event.samples) / judgement.seconds;
  event.learning_rate = now.learning_rate;
  event.seconds = Seconds();
  event.improved = improved;
  event.notes = std::move(notes);
  if (judgement.split == Split::kValidation) {
    event.train_loss = judged_train_ ? judged_train_->loss : since_validation_.loss();
    event.train_accuracy =
        judged_train_ ? judged_train_->accuracy : IfAny(since_validation_.accuracy());
    event.train_samples_per_second = since_validation_.samples_per_second();
    since_validation_ = {};
    validation_ = event;
  } else if (judgement.split == Split::kTrain) {
    judged_train_ = event;
  } else {
    end_.test_loss = event.loss;
    end_.test_accuracy = event.accuracy;
  }
  Tell(&RunObserver::OnEvaluation, event);
}

void Reporter::Epoch(const Moment& now) {
  Tell(&RunObserver::OnEpoch,
       EpochEvent{.step = now.step,
                  .epoch = now.epoch,
                  .train_loss = judged_train_ ? judged_train_->loss : since_epoch_.loss(),
                  .train_accuracy =
                      judged_train_ ? judged_train_->accuracy : IfAny(since_epoch_.accuracy()),
                  .validation = validation_,
                  .learning_rate = now.learning_rate,
                  .samples_per_second = since_epoch_.samples_per_second(),
                  .seconds = Seconds()});
  since_epoch_ = {};
  validation_.reset();
  judged_train_.reset();
}

void Reporter::Checkpoint(CheckpointEvent event) {
  end_.model_path = event.path + "/model.safetensors";
  event.seconds = Seconds();
  Tell(&RunObserver::OnCheckpoint, event);
}

EndEvent Reporter::End(const Moment& now, ExitCode code, const std::string& reason,
                       const config::Best& best) {
  end_.step = now.step;
  end_.epoch = now.epoch;
  end_.exit_code = static_cast<int>(code);
  end_.reason = reason;
  end_.seconds = Seconds();
  end_.train_seconds = this_start_.seconds;
  end_.samples_per_second = this_start_.samples_per_second();
  if (best.has_step()) {
    end_.best_step = best.step();
    end_.best_validation_loss = best.validation_loss();
    if (best.has_validation_accuracy()) end_.best_validation_accuracy = best.validation_accuracy();
  }
  Tell(&RunObserver::OnEnd, end_);
  return end_;
}

void Reporter::Save(config::TrainingState* state) const {
  state->set_seconds(Seconds());
  *state->mutable_since_report() = ToMessage(since_report_);
  *state->mutable_since_validation() = ToMessage(since_validation_);
  *state->mutable_since_epoch() = ToMessage(since_epoch_);
}

void Reporter::Restore(const config::TrainingState& state, const std::string& model_path) {
  seconds_before_ = state.seconds();
  since_report_ = ToMeter(state.since_report());
  since_validation_ = ToMeter(state.since_validation());
  since_epoch_ = ToMeter(state.since_epoch());
  end_.model_path = model_path;
}

std::optional<double> Reporter::IfAny(double accuracy) const {
  if (!classification_) return std::nullopt;
  return accuracy;
}

}  // namespace seve
