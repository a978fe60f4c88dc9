// How long before the end of its time a job is told to write a checkpoint.
#pragma once

#include <cstdint>
#include <string>

namespace seve {

// In seconds, from what the run directory has measured: three times the longest checkpoint and, as
// a stop is noted only between steps, the longest evaluation of each split that training judges on
// its way (all but "test"); at least 120, which is also what a run without measurements gets.
int64_t CheckpointNotice(const std::string& run);

}  // namespace seve
