// Lets a run go on when one of its files cannot be written (disk full, quota).
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "train/events.h"

namespace seve {

using Warn = std::function<void(const std::string&)>;

// Hands every event on. Of the observer behind it, the first Error(kData) or filesystem_error is
// told to `warn` and later ones are passed over; any other exception passes through.
class PatientObserver : public RunObserver {
 public:
  PatientObserver(std::unique_ptr<RunObserver> observer, Warn warn)
      : observer_(std::move(observer)), warn_(std::move(warn)) {}

  void OnStart(const RunSummary& event) override;
  void OnStep(const StepEvent& event) override;
  void OnEvaluation(const EvaluationEvent& event) override;
  void OnEpoch(const EpochEvent& event) override;
  void OnCheckpoint(const CheckpointEvent& event) override;
  void OnModel(const ModelEvent& event) override;
  void OnStatistics(const StatisticsEvent& event) override;
  void OnPredictions(const PredictionsEvent& event) override;
  void OnSurface(const SurfaceEvent& event) override;
  void OnEnd(const EndEvent& event) override;

 private:
  template <typename Event>
  void Tell(void (RunObserver::*receive)(const Event&), const Event& event);
  void WarnOnce(const std::exception& error);

  std::unique_ptr<RunObserver> observer_;
  Warn warn_;
  bool warned_ = false;
};

}  // namespace seve
