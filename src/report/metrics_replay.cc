#include "report/metrics_replay.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "base/file.h"
#include "report/metrics_fields.h"
#include "report/metrics_jsonl.h"

namespace seve {
namespace {

using Json = nlohmann::ordered_json;

bool IsFigure(const Json& value) { return value.is_number() || value.is_null(); }

// null stands for what was not finite.
double Figure(const Json& value) { return value.is_null() ? std::nan("") : value.get<double>(); }

// Fills in the fields that a line has, where they are of the right type.
class FieldReader {
 public:
  explicit FieldReader(const Json& line) : line_(line) {}

  void operator()(const char* name, double& value) const {
    if (const Json* found = Find(name); found && IsFigure(*found)) value = Figure(*found);
  }
  void operator()(const char* name, std::string& value) const {
    if (const Json* found = Find(name); found && found->is_string()) value = *found;
  }
  void operator()(const char* name, bool& value) const {
    if (const Json* found = Find(name); found && found->is_boolean()) value = *found;
  }
  template <std::integral Integer>
  void operator()(const char* name, Integer& value) const {
    if (const Json* found = Find(name); found && found->is_number_integer()) value = *found;
  }
  template <typename T>
  void operator()(const char* name, std::optional<T>& value) const {
    if (Find(name) != nullptr) (*this)(name, value.emplace());
  }

 private:
  [[nodiscard]] const Json* Find(const char* name) const {
    const auto found = line_.find(name);
    return found == line_.end() ? nullptr : &*found;
  }

  const Json& line_;
};

template <typename Event>
Event Read(const Json& line) {
  Event event;
  VisitFields(event, FieldReader(line));
  return event;
}

std::optional<Confusion> ReadConfusion(const Json& line) {
  const Json names = line.value("class_names", Json()), rows = line.value("confusion", Json());
  if (!names.is_array() || !rows.is_array()) return std::nullopt;
  Confusion confusion;
  for (const Json& name : names) {
    if (name.is_string()) confusion.class_names.push_back(name);
  }
  for (const Json& row : rows) {
    for (const Json& count : row) {
      if (count.is_number()) confusion.counts.push_back(count);
    }
  }
  const size_t classes = confusion.classes();
  if (confusion.counts.size() != classes * classes) return std::nullopt;
  return confusion;
}

// Figures of an evaluation that are no field of it.
std::vector<Metric> ReadMetrics(const Json& line) {
  std::set<std::string> fields;
  const EvaluationEvent any;
  VisitFields(any, [&](const char* name, const auto&) { fields.insert(name); });
  std::vector<Metric> metrics;
  for (const auto& [name, value] : line.items()) {
    if (IsFigure(value) && !fields.contains(name)) metrics.push_back({name, Figure(value)});
  }
  return metrics;
}

RunSummary ReadStart(const Json& line) {
  auto summary = Read<RunSummary>(line);
  for (const Json& json : line.value("layers", Json::array())) {
    if (!json.is_object()) continue;
    LayerRow& layer = summary.layers.emplace_back(Read<LayerRow>(json));
    std::vector<int64_t> extents;
    for (const Json& extent : json.value("output", Json())) {
      if (extent.is_number_integer()) extents.push_back(extent);
    }
    layer.output = Shape(extents);
  }
  return summary;
}

void Tell(const Json& line, RunObserver& observer, Environment* environment) {
  const Json event = line.value("event", Json());
  if (event == "start") {
    if (environment != nullptr) *environment = Read<Environment>(line);
    observer.OnStart(ReadStart(line));
  } else if (event == "step") {
    auto step = Read<StepEvent>(line);
    step.log = true;
    observer.OnStep(step);
  } else if (event == "evaluation") {
    auto evaluation = Read<EvaluationEvent>(line);
    evaluation.metrics = ReadMetrics(line);
    evaluation.confusion = ReadConfusion(line);
    observer.OnEvaluation(evaluation);
  } else if (event == "checkpoint") {
    auto checkpoint = Read<CheckpointEvent>(line);
    const Json improvement = line.value("improvement", Json());
    if (improvement.is_object()) checkpoint.improvement = Read<Improvement>(improvement);
    observer.OnCheckpoint(checkpoint);
  } else if (event == "end") {
    observer.OnEnd(Read<EndEvent>(line));
  }
}

}  // namespace

void ReplayMetrics(const std::string& path, std::optional<int64_t> up_to_step,
                   RunObserver& observer, Environment* environment) {
  const std::string text = ReadFile(path);
  std::string_view rest = text;
  for (size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (up_to_step && !BelongsBefore(line, *up_to_step)) continue;
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_object()) Tell(json, observer, environment);
  }
}

}  // namespace seve
