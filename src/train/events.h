// What a run tells the world. The trainer emits these on rank 0; sinks (report/) are injected.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tensor/shape.h"

namespace seve {

struct LayerRow {
  std::string name;
  std::string kind;
  std::string inputs;  // "input", or "a, b"
  Shape output;        // one sample, without the batch axis
  int64_t parameters = 0;
  bool frozen = false;
};

// All that the table at the start shows.
struct RunSummary {
  std::string configuration;  // path of the file
  std::string run_directory;
  std::string data;  // Dataset::Describe()
  int64_t train_samples = 0, validation_samples = 0, test_samples = 0;
  std::vector<LayerRow> layers;
  int64_t parameters = 0, trainable_parameters = 0;
  int world = 1;
  std::string devices;    // "2 CPU ranks on node1"
  std::string transport;  // Communicator::Transport()
  int64_t batch = 0, batch_per_rank = 0, micro_batches = 1;
  bool reproducible = false;
  std::string optimizer;     // "sgd, momentum 0.9"
  double learning_rate = 0;  // at the first step after warm-up, scaling rule applied
  std::string schedule;      // "constant", "cosine, warm-up 1 epoch"
  int64_t total_steps = 0, steps_per_epoch = 0;
  double epochs = 0;
  std::optional<int64_t> resumed_at_step;
};

struct StepEvent {
  int64_t step = 0;  // finished so far, counted from 1
  double epoch = 0;  // finished so far, fractional
  // Means over the samples since the previous event with `log`; without `log`, since the
  // epoch began.
  double loss = 0;
  std::optional<double> accuracy;  // 0 to 1; absent for regression
  double learning_rate = 0;
  double samples_per_second = 0;  // over the same samples, training alone
  double seconds = 0;             // since the run started
  bool log = false;               // due for metrics.jsonl; other events only feed the progress bar
};

struct EvaluationEvent {
  int64_t step = 0;
  double epoch = 0;
  std::string split;  // "validation" or "test"
  double loss = 0;
  std::optional<double> accuracy;
  // Running means over the training samples since the last validation (empty for the test set).
  std::optional<double> train_loss, train_accuracy;
  int64_t samples = 0;
  double samples_per_second = 0;        // of the evaluation
  double train_samples_per_second = 0;  // since the last validation
  double learning_rate = 0;
  double seconds = 0;     // since the run started
  bool improved = false;  // best so far
};

// An epoch is over; also told at the end of a run that stops within one.
struct EpochEvent {
  int64_t step = 0;
  double epoch = 0;
  double train_loss = 0;  // running mean over the epoch's samples
  std::optional<double> train_accuracy;
  std::optional<EvaluationEvent> validation;  // the latest within the epoch
  double learning_rate = 0;
  double samples_per_second = 0;
  double seconds = 0;  // since the run started
};

struct CheckpointEvent {
  int64_t step = 0;
  double epoch = 0;
  std::string path;
  double pause_seconds = 0;  // for which training stood still: the write before, then the copy
  double write_seconds = 0;  // behind training
  double seconds = 0;
};

struct EndEvent {
  int64_t step = 0;
  double epoch = 0;
  int exit_code = 0;
  std::string reason;  // "done", "loss became non-finite", ...
  double seconds = 0;
  double train_seconds = 0;       // steps alone
  double samples_per_second = 0;  // over train_seconds
  std::optional<double> best_validation_accuracy, best_validation_loss;
  std::optional<int64_t> best_step;
  std::optional<double> test_accuracy, test_loss;
  std::string model_path;  // of the last checkpoint's model.safetensors
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void OnStart(const RunSummary&) {}
  virtual void OnStep(const StepEvent&) {}
  virtual void OnEvaluation(const EvaluationEvent&) {}
  virtual void OnEpoch(const EpochEvent&) {}
  virtual void OnCheckpoint(const CheckpointEvent&) {}
  virtual void OnEnd(const EndEvent&) {}
};

}  // namespace seve
