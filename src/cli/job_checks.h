// What can be said of a job once its shape and its model are known.
#pragma once

#include <string>
#include <vector>

#include "cli/inspect_model.h"
#include "config/cluster.h"
#include "config/job_request.h"

namespace seve {

// Throws Error(kUsage) where a rank needs more memory than its GPU has.
void CheckGpuMemory(const RankMemory& memory, const JobShape& shape, const ClusterProfile& cluster);

// Throws Error(kUsage) where a job would be told to checkpoint before it has trained.
void CheckNotice(const JobShape& shape, int64_t checkpoint_notice);

// GB (10^9 bytes) of local disk that a job must ask for to hold its data; 0: every job gets enough.
// Throws Error(kUsage) where no node has that much.
int64_t LocalDiskFor(int64_t bytes, const ClusterProfile& cluster);

// What will work, but maybe not as wanted.
std::vector<std::string> JobWarnings(const config::Config& config, const JobShape& shape,
                                     const std::string& time);

}  // namespace seve
