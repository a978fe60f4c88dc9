// How long a step of many ranks takes.
#pragma once

#include <cstdint>
#include <string_view>

#include "forecast/fabric.h"
#include "forecast/step_options.h"
#include "forecast/step_profile.h"

namespace seve {

// What holds a step up.
enum class StepLimit { kCompute, kCommunication, kLatency, kJitter, kFeed, kOptimizer };

// "compute", "communication", "latency of messages", "waiting for the slowest rank",
// "input", "optimizer".
std::string_view NameOf(StepLimit limit);

// Terms in seconds; they sum to `step`.
struct StepForecast {
  int ranks = 1;
  int64_t batch = 0;   // over all ranks
  double feed = 0;     // waiting for input
  double compute = 0;  // forward and backward of all micro-batches
  // Backward is longer while NCCL's thread blocks have SMs of their own; CPU ranks sum within the
  // host.
  double contention = 0;
  double exposed_communication = 0;
  double jitter = 0;  // waiting for the slowest rank
  double optimizer = 0;
  double step = 0;
  double samples_per_second = 0;
  // Where compute is nine tenths of the step or more, compute; otherwise the largest of the other
  // terms, contention counting as communication, which is latency where that is more than half of
  // it.
  StepLimit limit = StepLimit::kCompute;
  double communication = 0;   // all of it, hidden or not
  bool proportional = false;  // IsProportional() of the profile
};

// A step of `batch` samples, of which the fullest of `ranks` ranks has batch / ranks, rounded up.
// Throws Error(kUsage) for fewer than one rank or sample of a rank, fewer samples than
// micro-batches, and what ValidateFabric() and ValidateProfile() refuse.
StepForecast ForecastStep(const Fabric& fabric, const StepProfile& profile,
                          const StepOptions& options, int ranks, int64_t batch);

}  // namespace seve
