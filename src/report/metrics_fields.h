// Names of the fields in metrics.jsonl: one list for the one who writes them and the one who reads
// them back.
#pragma once

#include <concepts>
#include <type_traits>

#include "report/environment.h"
#include "train/events.h"

namespace seve {

template <typename Event, typename Kind>
concept Is = std::same_as<std::remove_const_t<Event>, Kind>;

// Each calls field(name, value) for the fields of an event in the order they are written. What is a
// list or a table is left to the caller.
template <Is<RunSummary> Event, typename Field>
void VisitFields(Event& event, Field&& field) {
  field("configuration", event.configuration);
  field("run_directory", event.run_directory);
  field("resumed_at_step", event.resumed_at_step);
  field("data", event.data);
  field("train_samples", event.train_samples);
  field("validation_samples", event.validation_samples);
  field("test_samples", event.test_samples);
  field("parameters", event.parameters);
  field("trainable_parameters", event.trainable_parameters);
  field("world", event.world);
  field("devices", event.devices);
  field("device", event.device);
  field("transport", event.transport);
  field("batch", event.batch);
  field("batch_per_rank", event.batch_per_rank);
  field("micro_batches", event.micro_batches);
  field("reproducible", event.reproducible);
  field("optimizer", event.optimizer);
  field("learning_rate", event.learning_rate);
  field("schedule", event.schedule);
  field("total_steps", event.total_steps);
  field("steps_per_epoch", event.steps_per_epoch);
  field("epochs", event.epochs);
}

template <Is<LayerRow> Event, typename Field>
void VisitFields(Event& event, Field&& field) {
  field("name", event.name);
  field("kind", event.kind);
  field("inputs", event.inputs);
  field("parameters", event.parameters);
  field("frozen", event.frozen);
}

template <Is<Environment> Event, typename Field>
void VisitFields(Event& event, Field&& field) {
  field("started", event.started);
  field("version", event.version);
  field("commit", event.commit);
  field("host", event.host);
  field("processor", event.processor);
}

template <Is<StepEvent> Event, typename Field>
void VisitFields(Event& event, Field&& field) {
  field("step", event.step);
  field("epoch", event.epoch);
  field("loss", event.loss);
  field("accuracy", event.accuracy);
  field("learning_rate", event.learning_rate);
  field("samples_per_second", event.samples_per_second);
  field("seconds", event.seconds);
}

template <Is<EvaluationEvent> Event, typename Field>
void VisitFields(Event& event, Field&& field) {
  field("step", event.step);
  field("epoch", event.epoch);
  field("split", event.split);
  field("loss", event.loss);
  field("accuracy", event.accuracy);
  field("samples", event.samples);
  field("improved", event.improved);
  field("train_loss", event.train_loss);
  field("train_accuracy", event.train_accuracy);
  field("learning_rate", event.learning_rate);
  field("samples_per_second", event.samples_per_second);
  field("train_samples_per_second", event.train_samples_per_second);
  field("seconds", event.seconds);
}

template <Is<CheckpointEvent> Event, typename Field>
void VisitFields(Event& event, Field&& field) {
  field("step", event.step);
  field("epoch", event.epoch);
  field("path", event.path);
  field("pause_seconds", event.pause_seconds);
  field("write_seconds", event.write_seconds);
  field("seconds", event.seconds);
}

template <Is<Improvement> Event, typename Field>
void VisitFields(Event& event, Field&& field) {
  field("metric", event.metric);
  field("from", event.from);
  field("to", event.to);
}

template <Is<TensorStatistics> Event, typename Field>
void VisitFields(Event& event, Field&& field) {
  field("count", event.count);
  field("non_zero", event.non_zero);
  field("mean", event.mean);
  field("deviation", event.deviation);
  field("mean_absolute", event.mean_absolute);
  field("minimum", event.minimum);
  field("maximum", event.maximum);
}

template <Is<EndEvent> Event, typename Field>
void VisitFields(Event& event, Field&& field) {
  field("step", event.step);
  field("epoch", event.epoch);
  field("exit_code", event.exit_code);
  field("reason", event.reason);
  field("test_loss", event.test_loss);
  field("test_accuracy", event.test_accuracy);
  field("best_validation_loss", event.best_validation_loss);
  field("best_validation_accuracy", event.best_validation_accuracy);
  field("best_step", event.best_step);
  field("restored_best", event.restored_best);
  field("model", event.model_path);
  field("samples_per_second", event.samples_per_second);
  field("train_seconds", event.train_seconds);
  field("seconds", event.seconds);
}

}  // namespace seve
