// What ranks are linked by, from the profile of a cluster.
#pragma once

#include <string>

#include "config/cluster.h"
#include "forecast/fabric.h"

namespace seve {

// Of the GPUs called `gpu` (empty: the first), whose sums NCCL does, or with `cuda` false of CPU
// ranks on the cores of those nodes, whose sums MPI carries. Throws Error(kUsage) with the place in
// the profile of what it lacks.
Fabric FabricOf(const ClusterProfile& cluster, const std::string& gpu, bool cuda);

}  // namespace seve
