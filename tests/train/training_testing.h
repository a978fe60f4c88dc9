// A small training on ranks that are threads, and what came of it.
#pragma once

#include <string>
#include <vector>

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
  void OnEnd(const EndEvent& event) override { end = event; }

  RunSummary start;
  std::vector<StepEvent> steps;
  std::vector<EvaluationEvent> evaluations;
  std::vector<EpochEvent> epochs;
  std::vector<CheckpointEvent> checkpoints;
  EndEvent end;
};

struct TrainOptions {
  int world = 1;
  std::vector<std::string> sets = {};
  const LoadedCheckpoint* resume = nullptr;
  FileCalls files = SystemFileCalls();  // of rank 0's checkpoints
};

// Trains 6 epochs of 17 steps, the last of each with fewer samples, on digits.
Recorder Train(const std::string& directory, const TrainOptions& options);

// Of the model, one after the other.
std::vector<float> Weights(const LoadedCheckpoint& checkpoint);

LoadedCheckpoint Latest(const std::string& directory);

}  // namespace seve
