// What was measured of one rank alone, from which steps of many ranks are forecast.
#pragma once

#include <vector>

namespace seve {

// Means over steps of one batch size, without accumulation. Times in seconds.
struct MeasuredStep {
  double samples = 0;  // of the rank
  double feed = 0;     // waiting for input, what computing does not hide
  double forward = 0, backward = 0;
  double optimizer = 0;
};

// Gradients that become ready together: those of a layer, or finer.
struct GradientSlice {
  double bytes = 0;  // in FP32
  double ready = 1;  // share of the backward pass after which the last of them is written
};

struct StepProfile {
  std::vector<MeasuredStep> steps;     // one and more, of different batch sizes
  std::vector<GradientSlice> slices;   // by `ready`, ascending; every gradient is in one
  [[nodiscard]] double Bytes() const;  // of all gradients, and so of all parameters, in FP32
};

// Throws Error(kUsage) naming what is missing or cannot be: no step, no slices, no samples, a
// negative time, shares that are not within 0 and 1 or not ascending.
void ValidateProfile(const StepProfile& profile);

// Seconds of one pass over `samples` samples.
struct ComputeTime {
  double feed = 0, forward = 0, backward = 0;
};

// Each of the three as `fixed + slope * samples`, by least squares through the measured steps.
ComputeTime ComputeTimeOf(const StepProfile& profile, double samples);

// A single batch size was measured: times of others are in proportion, without the fixed part that
// every pass has, and so too short for smaller ones.
bool IsProportional(const StepProfile& profile);

// Does not depend on the batch: the mean of what was measured.
double OptimizerTimeOf(const StepProfile& profile);

}  // namespace seve
