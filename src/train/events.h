// What a run tells the world. The trainer emits these on rank 0; sinks (report/) are injected.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tensor/shape.h"

namespace seve {

struct Graph;
struct ParameterLayout;
class ParameterArena;

// A figure that the configuration asks for besides loss and accuracy: "top_5", "f1".
struct Metric {
  std::string name;
  double value = 0;
};

// How often each class was taken for each.
struct Confusion {
  std::vector<std::string> class_names;
  std::vector<double> counts;  // (truth, said), whole numbers

  [[nodiscard]] size_t classes() const { return class_names.size(); }
};

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
  int64_t running_statistics = 0;  // beside the parameters
  int world = 1;
  std::string devices;  // "2 CPU ranks on node1"
  // "NVIDIA H200 (139.8 GiB) on each of 2 ranks, FP32, one graph a step".
  std::string device = "CPU";
  std::string transport;  // Executor::Transport()
  int64_t batch = 0, batch_per_rank = 0, micro_batches = 1;
  bool reproducible = false;
  std::string weights;       // "resnet18.safetensors, but for fc.*"; empty: drawn at random
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
  std::string split;  // "validation", "test"; "train" where training samples are judged too
  double loss = 0;
  std::optional<double> accuracy;
  std::vector<Metric> metrics;         // in the configuration's order
  std::optional<Confusion> confusion;  // of classifiers
  // With a validation: of the training samples, judged where that is asked for, otherwise running
  // means since the one before.
  std::optional<double> train_loss, train_accuracy;
  int64_t samples = 0;
  double samples_per_second = 0;        // of the evaluation
  double train_samples_per_second = 0;  // since the last validation
  double learning_rate = 0;
  double seconds = 0;              // since the run started
  bool improved = false;           // best so far
  std::vector<std::string> notes;  // what it led to: "learning rate times 0.5: ..."
};

// An epoch is over; also told at the end of a run that stops within one.
struct EpochEvent {
  int64_t step = 0;
  double epoch = 0;
  double train_loss = 0;  // judged at its end where that is asked for, otherwise the running mean
  std::optional<double> train_accuracy;
  std::optional<EvaluationEvent> validation;  // the latest within the epoch
  double learning_rate = 0;
  double samples_per_second = 0;
  double seconds = 0;  // since the run started
};

// The figure by which checkpoints are compared got better.
struct Improvement {
  std::string metric;          // "accuracy", of the validation split
  std::optional<double> from;  // absent: the first evaluation
  double to = 0;
};

struct CheckpointEvent {
  int64_t step = 0;
  double epoch = 0;
  std::string path;
  double pause_seconds = 0;  // for which training stood still: the write before, then the copy
  double write_seconds = 0;  // behind training
  double seconds = 0;
  std::optional<Improvement> improvement = {};  // present: the best checkpoint so far
};

// The replica of rank 0, to be looked at while this is told: before the first step, after each
// evaluation on the validation split and at the end.
struct ModelEvent {
  int64_t step = 0;
  double epoch = 0;
  double seconds = 0;
  bool last = false;  // at the end of the run
  const Graph& graph;
  const ParameterLayout& layout;
  const ParameterArena& parameters;
};

struct TensorStatistics {
  int64_t count = 0, non_zero = 0;
  double mean = 0, deviation = 0, mean_absolute = 0, minimum = 0, maximum = 0;
  std::vector<int64_t> histogram;  // values in equal intervals from minimum to maximum
};

struct ParameterStatistics {
  std::string layer, parameter;  // "hidden", "weight"
  TensorStatistics values;
  std::optional<TensorStatistics> gradient;  // of the step's mean loss; absent when frozen
};

// As often as reporting.statistics asks.
struct StatisticsEvent {
  int64_t step = 0;
  double epoch = 0;
  double seconds = 0;
  std::vector<ParameterStatistics> parameters;
};

// One sample and what the model made of it.
struct Prediction {
  int64_t sample = 0;         // its place in the data set
  std::vector<float> input;   // of PredictionsEvent::input
  std::vector<float> target;  // of regression
  std::vector<float> output;  // of the scored layer; of classifiers softmax probabilities
  int truth = -1, said = -1;  // of classifiers
};

// What the channels of a convolution that reads the data give for samples.
struct FilterResponses {
  std::string layer;
  Shape shape;                            // (C, H, W)
  std::vector<std::vector<float>> given;  // in row-major order, of one sample each
};

// At the end: samples of the test set (without one of the validation split, else of training).
struct PredictionsEvent {
  int64_t step = 0;
  double epoch = 0;
  std::string split;
  Shape input, output;                   // of one sample
  bool reconstructs = false;             // the target is the input
  std::vector<std::string> class_names;  // empty: regression
  // Classifiers: right ones by the probability of the true class, the highest first; mistakes, the
  // lowest first. Regression: by the sample's squared error.
  std::vector<Prediction> best, worst;
  std::vector<Prediction> random;            // in the order of the data
  std::optional<FilterResponses> responses;  // to the first of these
  std::optional<Confusion> confusion;        // of classifiers, over the whole split
};

// At the end, where reporting.surface asks for it: the loss of a model of two parameters around the
// way that training took.
struct SurfaceEvent {
  std::string x_name, y_name;          // "line.weight[0]"
  std::vector<double> x, y;            // of the grid's columns and rows
  std::vector<double> loss;            // (y, x), over the training samples
  std::vector<double> path_x, path_y;  // before the first step and after each
};

// Means over the traced steps of one rank, in seconds.
struct RankTimes {
  double reading = 0, forward = 0, backward = 0, update = 0;
  // After backward, until the sums of all gradients are there: communication that nothing hides.
  double exposed = 0;
  // What this rank sums of its host's gradients, and how long its slices are under way to other
  // hosts, whether hidden or not.
  double summing = 0, between_hosts = 0;

  [[nodiscard]] double step() const { return reading + forward + backward + exposed + update; }
  // Until the others can expect its gradients.
  [[nodiscard]] double own() const { return reading + forward + backward; }
};

// The steps that --trace asks for are over and written.
struct TraceEvent {
  std::string path;
  int64_t first = 0, last = 0;
  std::vector<std::string> names;  // of the ranks: "node1:rank 3"
  std::vector<RankTimes> ranks;
  double clock_error = 0;  // seconds that clocks may be misaligned by, at most
  int64_t left_out = 0;    // intervals there was no room for
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
  bool restored_best = false;  // the test set judged the best checkpoint, not the last parameters
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
  virtual void OnModel(const ModelEvent&) {}
  virtual void OnStatistics(const StatisticsEvent&) {}
  virtual void OnPredictions(const PredictionsEvent&) {}
  virtual void OnSurface(const SurfaceEvent&) {}
  virtual void OnTrace(const TraceEvent&) {}
  virtual void OnEnd(const EndEvent&) {}
};

}  // namespace seve
