// A small training on ranks that are threads, and what came of it.
#pragma once

#include <string>
#include <vector>

#include "base/quick_files.h"
#include "train/trace_request.h"
#include "train/trainer.h"

namespace seve {

// Everything the observers of rank 0 were told.
struct Recorder : RunObserver {
  void OnStart(const RunSummary& event) override { start = event; }
  void OnStep(const StepEvent& event) override {
    if (event.log) steps.push_back(event);
  }
  void OnEvaluation(const EvaluationEvent& event) override { evaluations.push_back(event); }
  void OnEpoch(const EpochEvent& event) override { epochs.push_back(event); }
  void OnCheckpoint(const CheckpointEvent& event) override { checkpoints.push_back(event); }
  void OnStatistics(const StatisticsEvent& event) override { statistics.push_back(event); }
  void OnPredictions(const PredictionsEvent& event) override { predictions.push_back(event); }
  void OnSurface(const SurfaceEvent& event) override { surfaces.push_back(event); }
  void OnTrace(const TraceEvent& event) override { traces.push_back(event); }
  void OnEnd(const EndEvent& event) override { end = event; }

  RunSummary start;
  std::vector<StepEvent> steps;
  std::vector<EvaluationEvent> evaluations;
  std::vector<EpochEvent> epochs;
  std::vector<CheckpointEvent> checkpoints;
  std::vector<StatisticsEvent> statistics;
  std::vector<PredictionsEvent> predictions;
  std::vector<SurfaceEvent> surfaces;
  std::vector<TraceEvent> traces;
  EndEvent end;
};

struct TrainOptions {
  int world = 1;
  std::vector<std::string> sets = {};
  const LoadedCheckpoint* resume = nullptr;
  FileCalls files = CallsThatDoNotWait();  // of rank 0's checkpoints
  std::vector<std::string> dumps = {};     // "hidden@3", into dumps/
  TraceRequest trace = {};
};

// Of those trainings.
Setup MakeSetup(const std::vector<std::string>& sets);

// Trains 6 epochs of 17 steps, the last of each with fewer samples, on digits.
Recorder Train(const std::string& directory, const TrainOptions& options);

// Of the model, one after the other.
std::vector<float> Weights(const LoadedCheckpoint& checkpoint);

// What one rank alone finds that the checkpoint's model is worth, under the same configuration.
Judgement JudgeAlone(const LoadedCheckpoint& checkpoint, Split split,
                     const std::vector<std::string>& sets);

LoadedCheckpoint Latest(const std::string& directory);

}  // namespace seve
