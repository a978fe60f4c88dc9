// Measures what a forecast starts from: steps of one rank alone.
#pragma once

#include <span>

#include "base/log.h"
#include "forecast/step_profile.h"
#include "train/rank_device.h"
#include "train/setup.h"

namespace seve {

// Trains some steps with each of these numbers of samples, the largest first, on the device
// chosen, and throws away what came of it. The parts of a step are those of a trace; on a GPU, where
// a traced step is slower than one that is a single launch, their shares are. Takes some seconds.
StepProfile MeasureProfile(const Setup& setup, const RankDevice& device,
                           std::span<const int64_t> samples, const Logger& logger);

}  // namespace seve
