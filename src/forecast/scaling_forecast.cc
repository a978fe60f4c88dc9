#include "forecast/scaling_forecast.h"

#include <fmt/format.h>

#include "base/error.h"

namespace seve {
namespace {

std::vector<int> RanksUpTo(int most) {
  if (most < 1 || most > kMostForecastRanks) {
    ThrowUsage(fmt::format("forecast: up to {} ranks; 1 to {} can be", most, kMostForecastRanks));
  }
  std::vector<int> ranks;
  for (int n = 1; n < most; n *= 2) ranks.push_back(n);
  ranks.push_back(most);
  return ranks;
}

void Append(const StepForecast& step, std::vector<ForecastPoint>* points) {
  ForecastPoint point{.step = step};
  if (!points->empty()) {
    point.speedup = step.samples_per_second / points->front().step.samples_per_second;
    point.efficiency = point.speedup / step.ranks;
  }
  points->push_back(point);
}

}  // namespace

std::vector<ForecastPoint> WeakForecast(const Fabric& fabric, const StepProfile& profile,
                                        const StepOptions& options, int64_t samples,
                                        int most_ranks) {
  std::vector<ForecastPoint> points;
  for (const int ranks : RanksUpTo(most_ranks)) {
    Append(ForecastStep(fabric, profile, options, ranks, samples * ranks), &points);
  }
  return points;
}

std::vector<ForecastPoint> StrongForecast(const Fabric& fabric, const StepProfile& profile,
                                          const StepOptions& options, int64_t batch,
                                          int most_ranks) {
  std::vector<ForecastPoint> points;
  for (const int ranks : RanksUpTo(most_ranks)) {
    const bool too_few = batch < ranks || (batch + ranks - 1) / ranks < options.micro_batches;
    if (ranks > 1 && too_few) break;
    Append(ForecastStep(fabric, profile, options, ranks, batch), &points);
  }
  return points;
}

}  // namespace seve
