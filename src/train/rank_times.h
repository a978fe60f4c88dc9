// Where a rank's time went in the steps that were traced.
#pragma once

#include <span>

#include "base/trace.h"
#include "train/events.h"

namespace seve {

// Means over `steps` steps.
RankTimes TimesOf(std::span<const Trace::Interval> intervals, int64_t steps);

}  // namespace seve
