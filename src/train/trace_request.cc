#include "train/trace_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.h"

namespace seve {
namespace {

constexpr int64_t kWarmUp = 20, kSteps = 5;

std::optional<int64_t> WholeNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

TraceRequest Asked(const std::string& path, const std::string& steps) {
  const size_t dash = steps.find('-');
  const auto first = WholeNumber(std::string_view(steps).substr(0, dash));
  const auto last =
      dash == std::string::npos ? first : WholeNumber(std::string_view(steps).substr(dash + 1));
  if (!first || !last || *first < 1 || *last < *first) {
    ThrowUsage(fmt::format(
        "--trace-steps {}: give the first and the last step, as in 120-124, counted from 1",
        steps));
  }
  return {.path = path, .first = *first, .last = *last};
}

}  // namespace

TraceRequest ParseTraceRequest(const std::string& path, const std::string& steps, int64_t done,
                               int64_t total) {
  if (path.empty()) {
    if (!steps.empty()) ThrowUsage("--trace-steps says which steps --trace FILE records: give it");
    return {};
  }
  if (steps.empty()) {
    const int64_t last = std::min(done + kWarmUp + kSteps, total);
    return {.path = path, .first = std::max(done + 1, last - kSteps + 1), .last = last};
  }
  const TraceRequest request = Asked(path, steps);
  if (request.first <= done || request.last > total) {
    ThrowUsage(
        fmt::format("--trace-steps {}: this run does steps {} to {}", steps, done + 1, total));
  }
  return request;
}

}  // namespace seve
