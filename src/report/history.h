// What happened in a run so far, for curves and comparisons: collected as it goes or read back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "train/events.h"

namespace seve {

// Points in time; a value that was not finite is one here.
struct Curve {
  std::vector<double> epoch, value;
};

class History : public RunObserver {
 public:
  History() = default;
  // As ReplayMetrics tells it; the confusion of more than a few classes is missing then.
  static History Read(const std::string& path, std::optional<int64_t> up_to_step = std::nullopt);

  void OnStart(const RunSummary& summary) override;
  void OnStep(const StepEvent& event) override;
  void OnEvaluation(const EvaluationEvent& event) override;
  void OnEnd(const EndEvent& event) override { end_ = event; }

  // Of the latest start.
  [[nodiscard]] const std::optional<RunSummary>& start() const { return start_; }
  // Those that are logged.
  [[nodiscard]] const std::vector<StepEvent>& steps() const { return steps_; }
  // Only the latest one of each split has its confusion.
  [[nodiscard]] const std::vector<EvaluationEvent>& evaluations() const { return evaluations_; }
  // Of the latest start; empty while it goes on or where it was killed.
  [[nodiscard]] const std::optional<EndEvent>& end() const { return end_; }

  // Null where there is none.
  [[nodiscard]] const EvaluationEvent* Latest(const std::string& split) const;
  // The evaluation of the validation split whose checkpoint is `best`; null where there is none.
  [[nodiscard]] const EvaluationEvent* Best() const;

  // Names of all figures that evaluations have: "loss", "accuracy", "top_5".
  [[nodiscard]] std::vector<std::string> Figures() const;
  // A figure ("loss", "accuracy", "top_5") over the evaluations of a split.
  [[nodiscard]] Curve Evaluated(const std::string& split, const std::string& figure) const;
  // A figure of the training samples: as each validation tells it (judged where that was asked for,
  // otherwise running means), else as they were judged, else as logged steps tell it.
  [[nodiscard]] Curve Training(const std::string& figure) const;
  [[nodiscard]] Curve LearningRate() const;
  [[nodiscard]] Curve SamplesPerSecond() const;

  // How far it came, and the time it took over all starts.
  [[nodiscard]] double epoch() const;
  [[nodiscard]] double seconds() const;

 private:
  std::optional<RunSummary> start_;
  std::vector<StepEvent> steps_;
  std::vector<EvaluationEvent> evaluations_;
  std::optional<EndEvent> end_;
};

// The loss, the accuracy or a metric of an evaluation by its name; empty where it has none such.
std::optional<double> FigureOf(const EvaluationEvent& evaluation, const std::string& figure);

}  // namespace seve
