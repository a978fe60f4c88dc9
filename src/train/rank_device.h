// The device this rank trains on.
#pragma once

#include <string>

#include "comm/communicator.h"
#include "config/load.h"

namespace seve {

struct RankDevice {
  bool cuda = false;                // on all ranks or none
  int ordinal = 0;                  // among the GPUs this process sees
  bool shared = false;              // several ranks have one GPU, here or elsewhere
  std::string description = "CPU";  // "NVIDIA H200 (139.8 GiB), GPU 0"
  std::string of_all = "CPU";       // of all ranks: DescribeAll
};

// Collective: asks all ranks for their GPUs and gives each its own (AssignDevices). Throws
// AgreedError(kUsage) where that is refused. Ranks of `device: CPU` ask no driver. Afterwards the
// GPU is the calling thread's current one.
[[nodiscard]] RankDevice ChooseDevice(Communicator& communicator,
                                      const Configuration& configuration);

}  // namespace seve
