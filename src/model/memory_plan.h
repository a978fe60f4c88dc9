// Places blocks of memory so that blocks alive at the same time never overlap and others share.
#pragma once

#include <cstddef>
#include <vector>

namespace seve {

// A block needed from time `first` to time `last`, both included.
struct BlockRequest {
  size_t bytes = 0;
  int first = 0, last = 0;
};

struct MemoryPlan {
  std::vector<size_t> offsets;  // of each request, 256-byte aligned
  size_t bytes = 0;             // of the whole
};

// First fit, largest block first (the "greedy by size" of Pisarchyk & Lee 2020).
MemoryPlan PlanMemory(const std::vector<BlockRequest>& requests);

}  // namespace seve
