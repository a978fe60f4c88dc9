#include "train/rank_times.h"

#include <string_view>

namespace seve {
namespace {

double Seconds(const Trace::Interval& interval) {
  return static_cast<double>(interval.end - interval.begin) * 1e-9;
}

// Where the seconds of a phase go; null for none of the step's.
double* PhaseOf(std::string_view phase, RankTimes* times) {
  if (phase == "reading samples") return &times->reading;
  if (phase == "forward") return &times->forward;
  if (phase == "backward") return &times->backward;
  if (phase == "sum of gradients" || phase == "gather of parameters") return &times->exposed;
  if (phase == "update") return &times->update;
  return nullptr;
}

}  // namespace

RankTimes TimesOf(std::span<const Trace::Interval> intervals, int64_t steps) {
  RankTimes times;
  for (const auto& interval : intervals) {
    if (interval.row == Trace::Row::kSum) times.summing += Seconds(interval);
    if (interval.row == Trace::Row::kWire) times.between_hosts += Seconds(interval);
    if (interval.row != Trace::Row::kPhase) continue;
    if (double* const phase = PhaseOf(interval.name, &times)) *phase += Seconds(interval);
  }
  for (double* const part : {&times.reading, &times.forward, &times.backward, &times.exposed,
                             &times.update, &times.summing, &times.between_hosts}) {
    *part /= static_cast<double>(steps);
  }
  return times;
}

}  // namespace seve
