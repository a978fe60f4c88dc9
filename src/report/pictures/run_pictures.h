// Draws what a run shows of itself besides its first weights, in its folder pictures/: the model at
// the start; gradients and histograms of the statistics, predictions, confusion and surface at the
// end.
#pragma once

#include <optional>
#include <string>

#include "report/pictures/statistics_charts.h"
#include "train/events.h"

namespace seve {

class RunPictures : public RunObserver {
 public:
  // Every event throws Error(kData) when a file cannot be written.
  explicit RunPictures(std::string folder) : folder_(std::move(folder)) {}

  void OnStart(const RunSummary& summary) override;
  void OnEvaluation(const EvaluationEvent& event) override;
  void OnStatistics(const StatisticsEvent& event) override;
  void OnPredictions(const PredictionsEvent& event) override;
  void OnSurface(const SurfaceEvent& event) override;
  void OnEnd(const EndEvent& event) override;

 private:
  void DrawStatistics() const;

  std::string folder_;
  std::optional<Confusion> confusion_;  // of the latest evaluation: in the end of the test set
  std::string split_;                   // that it judged
  GradientCharts gradients_;
  std::optional<StatisticsEvent> first_statistics_, latest_statistics_;
};

}  // namespace seve
