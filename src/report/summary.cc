#include "report/summary.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "report/style.h"

namespace seve {
namespace {

constexpr size_t kLabelWidth = 11;

std::string Headline(const EndEvent& event, const Terminal& terminal) {
  const bool done = event.exit_code == static_cast<int>(ExitCode::kDone);
  if (done) return Painted(terminal, Ink::kBold, "Done");
  if (event.exit_code == static_cast<int>(ExitCode::kStopped)) {
    return Painted(terminal, Ink::kBold,
                   "Stopped on request; the same command with --resume goes on");
  }
  return Painted(terminal, Ink::kRed, "Failed: " + event.reason);
}

std::string Extent(const EndEvent& event) {
  const bool whole = std::abs(event.epoch - std::round(event.epoch)) < 1e-6;
  std::string text =
      fmt::format("{} step{} ({} epoch{})", WithThousands(event.step), event.step == 1 ? "" : "s",
                  whole ? fmt::format("{:.0f}", event.epoch) : fmt::format("{:.2f}", event.epoch),
                  event.epoch == 1 ? "" : "s");
  text += " in " + HumanSeconds(event.seconds);
  if (event.samples_per_second > 0) {
    text += ", training at " + RateText(event.samples_per_second) + " samples/s";
  }
  return text;
}

}  // namespace

void Summary::OnEvaluation(const EvaluationEvent& event) {
  if (event.split == "test") test_samples_ = event.samples;
}

void Summary::OnEnd(const EndEvent& event) {
  const auto fact = [this](const char* label, const std::string& text) {
    out_ << PadRight(label, kLabelWidth) << text << '\n';
  };
  out_ << '\n' << Headline(event, terminal_()) << '\n';
  if (event.exit_code == 0 && event.reason != "done") fact("ended", event.reason);
  fact("trained", Extent(event));
  if (event.best_validation_loss) {
    std::string text = ScoreText(*event.best_validation_loss, event.best_validation_accuracy);
    if (event.best_step) text += " (best, step " + WithThousands(*event.best_step) + ")";
    fact("validation", text);
  }
  if (event.test_loss) {
    std::string text = ScoreText(*event.test_loss, event.test_accuracy);
    if (event.restored_best) text += " (best checkpoint)";
    if (test_samples_ > 0) text += " (" + WithThousands(test_samples_) + " samples)";
    fact("test", text);
  }
  if (!event.model_path.empty()) fact("model", event.model_path);
  if (!run_directory_.empty()) fact("metrics", run_directory_ + "/metrics.jsonl");
  // Told before, the report's writer has been here.
  const std::string report = run_directory_ + "/report.html";
  std::error_code unreadable;
  if (std::filesystem::exists(report, unreadable)) fact("report", report);
  out_ << std::flush;
}

}  // namespace seve
