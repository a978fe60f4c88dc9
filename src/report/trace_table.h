// Where the time of traced steps went, for the console.
#pragma once

#include <string>

#include "base/terminal.h"
#include "train/events.h"

namespace seve {

// A row a rank, and what the ranks wait for.
std::string TraceTable(const TraceEvent& event, const Terminal& terminal);

}  // namespace seve
