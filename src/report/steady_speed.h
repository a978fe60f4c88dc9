// How fast a run trained once it was going.
#pragma once

#include <optional>

#include "report/history.h"

namespace seve {

// Samples a second of the steps since the latest start, evaluations and checkpoints aside, without
// its first epoch, in which memory and caches warm up; of a run that went no further, without its
// first logged steps. Empty where no step was logged.
std::optional<double> SteadySpeed(const History& history);

}  // namespace seve
