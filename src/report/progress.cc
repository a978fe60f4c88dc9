#include "report/progress.h"

#include "report/trace_table.h"

namespace seve {
namespace {

constexpr double kTerminalInterval = 0.1;  // seconds
constexpr double kPlainInterval = 30;

}  // namespace

void Progress::OnStart(const RunSummary& summary) {
  total_steps_ = summary.total_steps;
  steps_per_epoch_ = summary.steps_per_epoch;
  epochs_ = summary.epochs;
  validates_ = summary.validation_samples > 0;
  resumed_ = summary.resumed_at_step.has_value();
}

void Progress::OnStep(const StepEvent& event) {
  if (!first_) {
    first_ = event;
    if (resumed_) kept_at_ = event.seconds;
    if (!drawn_at_) drawn_at_ = event.seconds - kTerminalInterval;
  }
  const Terminal terminal = terminal_();
  const bool epoch_ends = steps_per_epoch_ > 0 && event.step % steps_per_epoch_ == 0;
  if (epoch_ends && !validates_) {
    Keep(PlainProgressLine(StateAt(event)));
  } else if (Due(event, terminal)) {
    Draw(event, terminal);
  } else {
    return;
  }
  drawn_at_ = event.seconds;
}

bool Progress::Due(const StepEvent& event, const Terminal& terminal) const {
  const double passed = event.seconds - *drawn_at_;
  if (!terminal.interactive) return passed >= kPlainInterval;
  const bool epoch_ends = steps_per_epoch_ > 0 && event.step % steps_per_epoch_ == 0;
  return passed >= kTerminalInterval || epoch_ends || event.step == total_steps_;
}

ProgressState Progress::StateAt(const StepEvent& event) const {
  ProgressState state{event, epochs_, std::nullopt};
  const auto steps = static_cast<double>(event.step - first_->step);
  if (steps > 0) {
    const double seconds_a_step = (event.seconds - first_->seconds) / steps;
    state.seconds_left = seconds_a_step * static_cast<double>(total_steps_ - event.step);
  }
  return state;
}

void Progress::Draw(const StepEvent& event, const Terminal& terminal) {
  if (!terminal.interactive) {
    out_ << PlainProgressLine(StateAt(event)) << std::endl;
    return;
  }
  // The cursor goes back to the left, so that a message of somebody else starts there.
  out_ << '\r' << ProgressLine(StateAt(event), terminal) << "\x1b[K\r" << std::flush;
  standing_ = true;
}

void Progress::OnEvaluation(const EvaluationEvent& event) {
  if (event.split != "validation") return;
  Keep(EvaluationLine(event, epochs_, event.seconds - kept_at_, terminal_()));
  for (const auto& note : event.notes) Keep(NoteLine(note, epochs_));
  kept_at_ = event.seconds;
  drawn_at_ = event.seconds;
}

void Progress::OnCheckpoint(const CheckpointEvent& event) {
  if (event.improvement) Keep(ImprovementLine(*event.improvement, epochs_, terminal_()));
}

void Progress::OnTrace(const TraceEvent& event) { Keep(TraceTable(event, terminal_())); }

void Progress::OnEnd(const EndEvent&) { Erase(); }

void Progress::Keep(const std::string& line) {
  Erase();
  out_ << line << std::endl;
}

void Progress::Erase() {
  if (standing_) out_ << "\r\x1b[K" << std::flush;
  standing_ = false;
}

}  // namespace seve
