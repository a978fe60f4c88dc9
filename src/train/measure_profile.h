// Measures what a forecast starts from: steps of one rank alone.
#pragma once

#include <span>

#include "base/log.h"
#include "forecast/step_profile.h"
#include "train/rank_device.h"
#include "train/setup.h"

namespace seve {

// Trains some steps with each of these numbers of samples, the largest first, on the device
// chosen, and throws away what came of it. On a CPU the parts of a step are timed;
// on a GPU, where a step is one launch, a third of it counts as forward and gradients as ready in
// proportion to the operations of their layers. Takes some seconds.
StepProfile MeasureProfile(const Setup& setup, const RankDevice& device,
                           std::span<const int64_t> samples, const Logger& logger);

}  // namespace seve
