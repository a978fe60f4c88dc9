#include "train/tracer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "comm/agreement.h"
#include "comm/clock_offset.h"
#include "train/rank_times.h"
#include "train/trace_json.h"

namespace seve {
namespace {

constexpr size_t kMostIntervals = 1 << 18;  // 16 MiB

struct Report {
  RankTimes times;
  int64_t clock_error, left_out;
};

template <typename T>
T FromBytes(const std::vector<std::byte>& bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

}  // namespace

Tracer::Tracer(TraceRequest request, const Context& context)
    : request_(std::move(request)),
      context_(context),
      trace_(request_.path.empty() ? 0 : kMostIntervals) {
  RunAgreed(context.communicator, [&] {
    if (request_.path.empty()) return;
    if (context.communicator.rank() == 0) Write({});
  });
}

Tracer::~Tracer() {
  context_.communicator.activity().SetTrace(nullptr);  // where a traced step threw
  if (written_ || request_.path.empty() || context_.communicator.rank() != 0) return;
  context_.logger.Warn(fmt::format("{}: nothing was traced, training ended before step {} was over",
                                   request_.path, request_.last));
}

void Tracer::Begin(int64_t step) {
  if (!Wants(step)) return;
  trace_.BeginStep(step);
  context_.communicator.activity().SetTrace(&trace_);
}

std::optional<TraceEvent> Tracer::End(int64_t step) {
  if (!Wants(step)) return std::nullopt;
  context_.communicator.activity().SetTrace(nullptr);
  if (step != request_.last) return std::nullopt;
  TraceEvent event = Finish();
  if (context_.communicator.rank() != 0) return std::nullopt;
  return event;
}

TraceEvent Tracer::Finish() {
  Communicator& communicator = context_.communicator;
  const auto intervals = trace_.intervals();
  const ClockOffset offset = MeasureClockOffset(communicator);
  int64_t begin = intervals.empty() ? 0 : intervals.front().begin;
  const Report mine{.times = TimesOf(intervals, request_.last - request_.first + 1),
                    .clock_error = offset.error,
                    .left_out = static_cast<int64_t>(trace_.left_out())};
  const auto reports = communicator.Gather(std::as_bytes(std::span(&mine, 1)), 0);
  communicator.Broadcast(std::as_writable_bytes(std::span(&begin, 1)), 0);
  const int rank = communicator.rank();
  const std::string events =
      TraceEvents(intervals, rank, communicator.Describe(rank), offset, begin);
  const auto texts = communicator.Gather(std::as_bytes(std::span(events)), 0);
  written_ = true;

  TraceEvent event;
  event.path = request_.path;
  event.first = request_.first;
  event.last = request_.last;
  std::vector<std::string> parts;
  for (size_t i = 0; i < reports.size(); ++i) {
    const auto report = FromBytes<Report>(reports[i]);
    event.names.push_back(communicator.Describe(static_cast<int>(i)));
    event.ranks.push_back(report.times);
    event.clock_error = std::max(event.clock_error, static_cast<double>(report.clock_error) * 1e-9);
    event.left_out += report.left_out;
    parts.emplace_back(reinterpret_cast<const char*>(texts[i].data()), texts[i].size());
  }
  if (rank != 0) return event;
  try {
    Write(parts);
  } catch (const Error& error) {
    context_.logger.Warn(error.what());  // the training is worth more
  }
  return event;
}

void Tracer::Write(std::span<const std::string> events) const {
  try {
    WriteFileAtomically(request_.path, TraceFile(events));
  } catch (const Error& error) {
    ThrowData(fmt::format("--trace {}: {}", request_.path, error.what()));
  }
}

}  // namespace seve
