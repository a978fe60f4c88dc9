// A rank's intervals in the Trace Event Format of Chrome and Perfetto.
#pragma once

#include <span>
#include <string>

#include "base/trace.h"
#include "comm/clock_offset.h"

namespace seve {

// JSON objects, each with a comma behind it. `process`: "node1:rank 3"; `begin`: the moment of rank
// 0's clock that the picture counts from, in nanoseconds.
std::string TraceEvents(std::span<const Trace::Interval> intervals, int rank,
                        const std::string& process, const ClockOffset& offset, int64_t begin);

// Those of all ranks as a file.
std::string TraceFile(std::span<const std::string> events);

}  // namespace seve
