#include "report/patient_observer.h"

#include <filesystem>

#include "base/error.h"

namespace seve {

void PatientObserver::OnStart(const RunSummary& event) { Tell(&RunObserver::OnStart, event); }
void PatientObserver::OnStep(const StepEvent& event) { Tell(&RunObserver::OnStep, event); }
void PatientObserver::OnEvaluation(const EvaluationEvent& event) {
  Tell(&RunObserver::OnEvaluation, event);
}
void PatientObserver::OnEpoch(const EpochEvent& event) { Tell(&RunObserver::OnEpoch, event); }
void PatientObserver::OnCheckpoint(const CheckpointEvent& event) {
  Tell(&RunObserver::OnCheckpoint, event);
}
void PatientObserver::OnModel(const ModelEvent& event) { Tell(&RunObserver::OnModel, event); }
void PatientObserver::OnStatistics(const StatisticsEvent& event) {
  Tell(&RunObserver::OnStatistics, event);
}
void PatientObserver::OnPredictions(const PredictionsEvent& event) {
  Tell(&RunObserver::OnPredictions, event);
}
void PatientObserver::OnSurface(const SurfaceEvent& event) { Tell(&RunObserver::OnSurface, event); }
void PatientObserver::OnEnd(const EndEvent& event) { Tell(&RunObserver::OnEnd, event); }

template <typename Event>
void PatientObserver::Tell(void (RunObserver::*receive)(const Event&), const Event& event) {
  try {
    (observer_.get()->*receive)(event);
  } catch (const Error& error) {
    if (error.code() != ExitCode::kData) throw;
    WarnOnce(error);
  } catch (const std::filesystem::filesystem_error& error) {
    WarnOnce(error);
  }
}

void PatientObserver::WarnOnce(const std::exception& error) {
  if (!warned_) warn_(std::string(error.what()) + "; something of it is lost, training goes on");
  warned_ = true;
}

}  // namespace seve
