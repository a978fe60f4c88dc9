#include "report/steady_speed.h"

#include <vector>

namespace seve {
namespace {

constexpr double kRounding = 1e-6;  // of steps / steps_per_epoch

// Steps between two that were logged.
struct Interval {
  double steps = 0, samples_per_second = 0;
  double from_epoch = 0;  // of the latest start, in epochs since then
};

std::vector<Interval> IntervalsOf(const History& history) {
  const auto& start = history.start();
  int64_t step = start ? start->resumed_at_step.value_or(0) : 0;
  const bool known = start && start->steps_per_epoch > 0;
  const double first_epoch =
      known ? static_cast<double>(step) / static_cast<double>(start->steps_per_epoch) : 0;
  double epoch = first_epoch;
  std::vector<Interval> intervals;
  for (const StepEvent& event : history.steps()) {
    if (event.step <= step) continue;
    const auto steps = static_cast<double>(event.step - step);
    if (event.samples_per_second > 0) {
      intervals.push_back({steps, event.samples_per_second, epoch - first_epoch});
    }
    step = event.step;
    epoch = event.epoch;
  }
  return intervals;
}

}  // namespace

std::optional<double> SteadySpeed(const History& history) {
  std::vector<Interval> intervals = IntervalsOf(history);
  if (intervals.empty()) return std::nullopt;
  if (intervals.back().from_epoch >= 1 - kRounding) {
    std::erase_if(intervals, [](const Interval& one) { return one.from_epoch < 1 - kRounding; });
  } else if (intervals.size() > 1) {
    intervals.erase(intervals.begin());
  }
  // All steps have a batch's samples, so that their times add up.
  double steps = 0, time = 0;
  for (const Interval& one : intervals) {
    steps += one.steps;
    time += one.steps / one.samples_per_second;
  }
  return steps / time;
}

}  // namespace seve
