#include "report/metrics_jsonl.h"

#include "report/json_line.h"
#include "report/metrics_fields.h"

namespace seve {
namespace {

using Json = JsonLine::Json;

constexpr size_t kMostClasses = 20;

template <typename Event>
JsonLine LineOf(const char* name, const Event& event) {
  JsonLine line(name);
  VisitFields(event, line);
  return line;
}

template <typename Part>
JsonLine ObjectOf(const Part& part) {
  JsonLine object;
  VisitFields(part, object);
  return object;
}

Json ToJson(const LayerRow& layer) {
  JsonLine row = ObjectOf(layer);
  row("output", layer.output.extents());
  return row.json();
}

void Add(const std::optional<Confusion>& confusion, JsonLine* line) {
  if (!confusion || confusion->classes() > kMostClasses) return;
  const size_t classes = confusion->classes();
  Json rows = Json::array();
  for (size_t i = 0; i < confusion->counts.size(); ++i) {
    if (i % classes == 0) rows.push_back(Json::array());
    rows.back().push_back(static_cast<int64_t>(confusion->counts[i]));
  }
  (*line)("class_names", confusion->class_names);
  (*line)("confusion", rows);
}

LineFile Open(const std::string& path, std::optional<int64_t> resumed_at) {
  if (!resumed_at) return {path, LineFile::Start::kEmpty};
  CutLines(path, [&](std::string_view line) { return BelongsBefore(line, *resumed_at); });
  return {path, LineFile::Start::kAppend};
}

}  // namespace

bool BelongsBefore(std::string_view line, int64_t step) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return true;
  if (json.value("event", Json()) == "end" || json.value("split", Json()) == "test") return false;
  const Json found = json.value("step", Json());
  return !found.is_number_integer() || found.get<int64_t>() <= step;
}

MetricsJsonl::MetricsJsonl(const std::string& path, std::optional<int64_t> resumed_at)
    : file_(Open(path, resumed_at)) {}

void MetricsJsonl::OnStart(const RunSummary& summary) {
  JsonLine line("start");
  line("step", summary.resumed_at_step.value_or(0));
  const Environment environment = ThisEnvironment();
  VisitFields(environment, line);
  VisitFields(summary, line);
  Json layers = Json::array();
  for (const LayerRow& layer : summary.layers) layers.push_back(ToJson(layer));
  line("layers", layers);
  file_.Write(line.Text());
}

void MetricsJsonl::OnStep(const StepEvent& event) {
  if (event.log) file_.Write(LineOf("step", event).Text());
}

void MetricsJsonl::OnEvaluation(const EvaluationEvent& event) {
  JsonLine line = LineOf("evaluation", event);
  for (const Metric& metric : event.metrics) line(metric.name, metric.value);
  if (!event.notes.empty()) line("notes", event.notes);
  if (event.split == "validation") validation_ = event.confusion;
  if (event.split == "test") {
    Add(event.confusion, &line);
    validation_.reset();
  }
  file_.Write(line.Text());
}

void MetricsJsonl::OnCheckpoint(const CheckpointEvent& event) {
  JsonLine line = LineOf("checkpoint", event);
  if (event.improvement) line("improvement", ObjectOf(*event.improvement));
  file_.Write(line.Text());
}

void MetricsJsonl::OnStatistics(const StatisticsEvent& event) {
  const auto write = [&](const ParameterStatistics& parameter, const char* of,
                         const TensorStatistics& tensor) {
    JsonLine line("statistics");
    line("step", event.step);
    line("epoch", event.epoch);
    line("parameter", parameter.layer + "." + parameter.parameter);
    line("of", of);
    VisitFields(tensor, line);
    line("histogram", tensor.histogram);
    line("seconds", event.seconds);
    file_.Write(line.Text());
  };
  for (const ParameterStatistics& parameter : event.parameters) {
    write(parameter, "values", parameter.values);
    if (parameter.gradient) write(parameter, "gradient", *parameter.gradient);
  }
}

void MetricsJsonl::OnEnd(const EndEvent& event) {
  JsonLine line = LineOf("end", event);
  Add(validation_, &line);
  file_.Write(line.Text());
}

}  // namespace seve
