#include "train/trace_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace seve {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRows[] = {"phases", "layers", "sums", "messages between hosts", "waits"};

void Append(const Json& event, std::string* text) { *text += event.dump() + ",\n"; }

Json Named(const char* what, int rank, int row, const std::string& name) {
  return {{"ph", "M"}, {"name", what}, {"pid", rank}, {"tid", row}, {"args", {{"name", name}}}};
}

double Microseconds(int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1000; }

}  // namespace

std::string TraceEvents(std::span<const Trace::Interval> intervals, int rank,
                        const std::string& process, const ClockOffset& offset, int64_t begin) {
  std::string text;
  Append(Named("process_name", rank, 0, process), &text);
  for (int row = 0; row < static_cast<int>(std::size(kRows)); ++row) {
    Append(Named("thread_name", rank, row, kRows[row]), &text);
  }
  for (const auto& interval : intervals) {
    Json event = {{"ph", "X"},
                  {"name", interval.name},
                  {"cat", *interval.kind == '\0' ? "phase" : interval.kind},
                  {"pid", rank},
                  {"tid", static_cast<int>(interval.row)},
                  {"ts", Microseconds(interval.begin - offset.nanoseconds - begin)},
                  {"dur", Microseconds(interval.end - interval.begin)},
                  {"args", {{"step", interval.step}}}};
    if (interval.bytes > 0) event["args"]["bytes"] = interval.bytes;
    Append(event, &text);
  }
  return text;
}

std::string TraceFile(std::span<const std::string> events) {
  std::string text = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";
  for (const auto& part : events) text += part;
  if (text.ends_with(",\n")) text.erase(text.size() - 2);
  return text + "\n]}\n";
}

}  // namespace seve
