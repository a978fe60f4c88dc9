// How the speed of training will grow with the number of ranks.
#pragma once

#include <vector>

#include "forecast/step_time.h"

namespace seve {

inline constexpr int kMostForecastRanks = 1024;

struct ForecastPoint {
  StepForecast step;
  double speedup = 1;     // of samples/s, against one rank
  double efficiency = 1;  // the speed-up's share of the number of ranks
};

// For 1, 2, 4 ... ranks and `most_ranks` itself. Each rank has `samples` samples of a step. Throws
// Error(kUsage) for most_ranks outside 1 to kMostForecastRanks, and what ForecastStep() refuses.
std::vector<ForecastPoint> WeakForecast(const Fabric& fabric, const StepProfile& profile,
                                        const StepOptions& options, int64_t samples,
                                        int most_ranks = 64);

// The same, with `batch` samples of a step over all ranks; ends where a rank would have less than
// one sample, or fewer than micro-batches.
std::vector<ForecastPoint> StrongForecast(const Fabric& fabric, const StepProfile& profile,
                                          const StepOptions& options, int64_t batch,
                                          int most_ranks = 64);

}  // namespace seve
