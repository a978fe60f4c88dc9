// A small run, event by event, for the tests of observers.
#pragma once

#include "base/terminal.h"
#include "train/events.h"

namespace seve {

inline RunSummary MlpSummary() {
  RunSummary summary;
  summary.configuration = "configs/mnist_mlp.textproto";
  summary.run_directory = "runs/mnist_mlp";
  summary.data = "MNIST from /data/mnist (60,000 samples)";
  summary.train_samples = 48000;
  summary.validation_samples = 12000;
  summary.test_samples = 10000;
  summary.layers = {{"flatten_1", "flatten", "input", {784}, 0, false},
                    {"hidden", "linear", "flatten_1", {200}, 157000, false},
                    {"scores", "linear", "hidden", {10}, 2010, false}};
  summary.parameters = summary.trainable_parameters = 159010;
  summary.world = 2;
  summary.devices = "2 CPU ranks on node1";
  summary.transport = "shared memory";
  summary.batch = 64;
  summary.batch_per_rank = 32;
  summary.micro_batches = 2;
  summary.optimizer = "sgd, momentum 0.9";
  summary.learning_rate = 0.1;
  summary.schedule = "constant";
  summary.total_steps = 7500;
  summary.steps_per_epoch = 750;
  summary.epochs = 10;
  return summary;
}

inline StepEvent StepAt(int64_t step, double seconds) {
  StepEvent event;
  event.step = step;
  event.epoch = static_cast<double>(step) / 750;
  event.loss = 0.0812;
  event.accuracy = 0.9761;
  event.learning_rate = 0.1;
  event.samples_per_second = 412300;
  event.seconds = seconds;
  event.log = true;
  return event;
}

inline EvaluationEvent ValidationAt(int64_t step, double seconds) {
  EvaluationEvent event;
  event.step = step;
  event.epoch = static_cast<double>(step) / 750;
  event.split = "validation";
  event.loss = 0.0911;
  event.accuracy = 0.972;
  event.train_loss = 0.0812;
  event.train_accuracy = 0.9761;
  event.samples = 12000;
  event.samples_per_second = 900000;
  event.train_samples_per_second = 412300;
  event.learning_rate = 0.1;
  event.seconds = seconds;
  event.improved = true;
  return event;
}

inline EpochEvent EpochAt(int64_t step, double seconds) {
  EpochEvent event;
  event.step = step;
  event.epoch = static_cast<double>(step) / 750;
  event.train_loss = 0.0812;
  event.train_accuracy = 0.9761;
  event.validation = ValidationAt(step, seconds);
  event.learning_rate = 0.1;
  event.samples_per_second = 412300;
  event.seconds = seconds;
  return event;
}

inline EndEvent DoneAt(int64_t step, double seconds) {
  EndEvent event;
  event.step = step;
  event.epoch = static_cast<double>(step) / 750;
  event.reason = "done";
  event.seconds = seconds;
  event.train_seconds = seconds;
  event.samples_per_second = 412300;
  event.best_validation_loss = 0.0755;
  event.best_validation_accuracy = 0.9783;
  event.best_step = 6000;
  event.test_loss = 0.0712;
  event.test_accuracy = 0.9792;
  event.model_path = "runs/mnist_mlp/checkpoints/step-000007500/model.safetensors";
  return event;
}

inline Terminal Pipe() { return {}; }
inline Terminal PlainTerminal(int columns) { return {true, false, true, columns}; }

}  // namespace seve
