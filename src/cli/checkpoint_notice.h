// How long before the end of its time a job is told to write a checkpoint.
#pragma once

#include <cstdint>
#include <string>

namespace seve {

// In seconds: three times what the slowest checkpoint in the run directory took, at least 120,
// which is also what a run without measured checkpoints gets.
int64_t CheckpointNotice(const std::string& run);

}  // namespace seve
