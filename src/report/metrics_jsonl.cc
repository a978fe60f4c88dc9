#include "report/metrics_jsonl.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace seve {
namespace {

using Json = nlohmann::ordered_json;

// Collects the fields of one line, in order.
class Line {
 public:
  Line(const char* event, int64_t step, double epoch) {
    Put("event", event);
    Put("step", step);
    Number("epoch", epoch);
  }

  template <typename T>
  Line& Put(const char* name, const T& value) {
    json_[name] = value;
    return *this;
  }
  Line& Number(const char* name, const std::optional<double>& value) {
    if (!value) return *this;
    const bool finite = std::isfinite(*value);
    non_finite_ = non_finite_ || !finite;
    json_[name] = finite ? Json(*value) : Json();
    return *this;
  }
  // Times and rates: digits beyond these are noise.
  Line& Seconds(const char* name, double value) {
    return Number(name, std::round(value * 1e6) / 1e6);
  }
  Line& Rate(const char* name, double value) { return Number(name, std::round(value * 10) / 10); }

  [[nodiscard]] std::string Text() {
    if (non_finite_) json_["non_finite"] = true;
    return json_.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

 private:
  Json json_ = Json::object();
  bool non_finite_ = false;
};

// Lines this program did not write (no object, no step) are left alone.
bool BelongsBefore(std::string_view line, int64_t step) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return true;
  if (json.value("event", Json()) == "end" || json.value("split", Json()) == "test") return false;
  const Json found = json.value("step", Json());
  return !found.is_number_integer() || found.get<int64_t>() <= step;
}

LineFile Open(const std::string& path, std::optional<int64_t> resumed_at) {
  if (!resumed_at) return {path, LineFile::Start::kEmpty};
  CutLines(path, [&](std::string_view line) { return BelongsBefore(line, *resumed_at); });
  return {path, LineFile::Start::kAppend};
}

}  // namespace

MetricsJsonl::MetricsJsonl(const std::string& path, std::optional<int64_t> resumed_at)
    : file_(Open(path, resumed_at)) {}

void MetricsJsonl::OnStep(const StepEvent& event) {
  if (!event.log) return;
  Line line("step", event.step, event.epoch);
  line.Number("loss", event.loss).Number("accuracy", event.accuracy);
  line.Number("learning_rate", event.learning_rate);
  line.Rate("samples_per_second", event.samples_per_second).Seconds("seconds", event.seconds);
  file_.Write(line.Text());
}

void MetricsJsonl::OnEvaluation(const EvaluationEvent& event) {
  Line line("evaluation", event.step, event.epoch);
  line.Put("split", event.split).Number("loss", event.loss).Number("accuracy", event.accuracy);
  line.Put("samples", event.samples).Put("improved", event.improved);
  line.Number("train_loss", event.train_loss).Number("train_accuracy", event.train_accuracy);
  line.Number("learning_rate", event.learning_rate);
  line.Rate("samples_per_second", event.samples_per_second);
  line.Rate("train_samples_per_second", event.train_samples_per_second);
  line.Seconds("seconds", event.seconds);
  file_.Write(line.Text());
}

void MetricsJsonl::OnCheckpoint(const CheckpointEvent& event) {
  Line line("checkpoint", event.step, event.epoch);
  line.Put("path", event.path).Seconds("pause_seconds", event.pause_seconds);
  line.Seconds("write_seconds", event.write_seconds);
  file_.Write(line.Seconds("seconds", event.seconds).Text());
}

void MetricsJsonl::OnEnd(const EndEvent& event) {
  Line line("end", event.step, event.epoch);
  line.Put("exit_code", event.exit_code).Put("reason", event.reason);
  line.Number("test_loss", event.test_loss).Number("test_accuracy", event.test_accuracy);
  line.Number("best_validation_loss", event.best_validation_loss);
  line.Number("best_validation_accuracy", event.best_validation_accuracy);
  if (event.best_step) line.Put("best_step", *event.best_step);
  line.Put("model", event.model_path).Rate("samples_per_second", event.samples_per_second);
  line.Seconds("train_seconds", event.train_seconds).Seconds("seconds", event.seconds);
  file_.Write(line.Text());
}

}  // namespace seve
