#include "forecast/step_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "forecast/line_fit.h"

namespace seve {
namespace {

void ValidateStep(const MeasuredStep& step) {
  if (!(step.samples > 0)) {
    ThrowUsage(
        fmt::format("forecast: a measured step has {} samples; 1 is the least", step.samples));
  }
  for (const double seconds : {step.feed, step.forward, step.backward, step.optimizer}) {
    if (std::isfinite(seconds) && seconds >= 0) continue;
    ThrowUsage(fmt::format("forecast: a part of the step of {} samples took {} s; measure it again",
                           step.samples, seconds));
  }
  if (step.forward + step.backward > 0) return;
  ThrowUsage(fmt::format("forecast: the step of {} samples has neither forward nor backward time",
                         step.samples));
}

double PartAt(const StepProfile& profile, double MeasuredStep::*part, double samples) {
  std::vector<LinePoint> points;
  for (const MeasuredStep& step : profile.steps) points.push_back({step.samples, step.*part});
  return FitLine(points).At(samples);
}

}  // namespace

double StepProfile::Bytes() const {
  double bytes = 0;
  for (const GradientSlice& slice : slices) bytes += slice.bytes;
  return bytes;
}

void ValidateProfile(const StepProfile& profile) {
  if (profile.steps.empty()) ThrowUsage("forecast: no step was measured; measure one batch size");
  std::ranges::for_each(profile.steps, ValidateStep);
  if (profile.slices.empty()) {
    ThrowUsage("forecast: the profile has no gradients; give at least one slice");
  }
  double before = 0;
  for (const GradientSlice& slice : profile.slices) {
    if (!(slice.bytes > 0)) {
      ThrowUsage(fmt::format("forecast: a slice of gradients has {} bytes", slice.bytes));
    }
    if (!(slice.ready >= before && slice.ready <= 1)) {
      ThrowUsage(fmt::format(
          "forecast: a slice of gradients is ready after {} of the backward pass; shares ascend "
          "from 0 to 1",
          slice.ready));
    }
    before = slice.ready;
  }
}

ComputeTime ComputeTimeOf(const StepProfile& profile, double samples) {
  return {PartAt(profile, &MeasuredStep::feed, samples),
          PartAt(profile, &MeasuredStep::forward, samples),
          PartAt(profile, &MeasuredStep::backward, samples)};
}

bool IsProportional(const StepProfile& profile) {
  return std::ranges::all_of(profile.steps, [&](const MeasuredStep& step) {
    return step.samples == profile.steps.front().samples;
  });
}

double OptimizerTimeOf(const StepProfile& profile) {
  double sum = 0;
  for (const MeasuredStep& step : profile.steps) sum += step.optimizer;
  return sum / static_cast<double>(profile.steps.size());
}

}  // namespace seve
