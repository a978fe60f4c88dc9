// How far the clocks of two ranks are apart: hosts count from different moments.
#pragma once

#include <cstdint>

#include "comm/communicator.h"

namespace seve {

struct ClockOffset {
  int64_t nanoseconds = 0;  // this rank's Trace::Now() minus rank 0's at the same moment
  int64_t error = 0;        // that is wrong by this much at most
};

// Collective, some milliseconds. No rank leaves a barrier before every rank has come: in each of
// some barriers that bounds the offset from both sides, as Cristian's algorithm does with replies
// (Cristian 1989), and the tightest bounds count.
ClockOffset MeasureClockOffset(Communicator& communicator);

}  // namespace seve
