// Which GPU each rank trains on, decided from what all ranks see. rank_device.h asks the machines.
#pragma once

#include <string>
#include <vector>

#include "config/load.h"
#include "tensor/cuda_devices.h"

namespace seve {

// What a rank knows of its GPUs.
struct RankReport {
  std::string host;
  GpuSurvey survey;
  // Of each GPU of the survey, WhyNotUsable.
  std::vector<std::string> obstacles;
};

// Of all ranks, by rank; for CPUs all is empty.
struct DeviceAssignment {
  bool cuda = false;
  bool shared = false;    // some GPU has several ranks
  std::vector<int> gpus;  // of each rank, the place in its survey
};

// The number of each rank among those of its host, from 0.
[[nodiscard]] std::vector<int> LocalRanks(const std::vector<std::string>& hosts);

// Each rank gets the first usable GPU it sees that no rank before it has; so ranks that all see the
// same GPUs take them by local rank, and ranks that were given one each keep it. Throws
// Error(kUsage), one line of what was found and of the remedy, where `device` cannot be had on
// every rank or `precision` not on CPUs.
[[nodiscard]] DeviceAssignment AssignDevices(const std::vector<RankReport>& reports,
                                             const Configuration& configuration);

// "NVIDIA H200 (139.8 GiB)".
[[nodiscard]] std::string DescribeGpu(const GpuInfo& gpu);

// "NVIDIA H200 (139.8 GiB) on each of 4 ranks", of one rank "NVIDIA H200 (139.8 GiB), GPU 0", and
// where ranks have different ones "NVIDIA H200 (139.8 GiB) on 2 ranks, NVIDIA L4 (22.0 GiB) on 2
// ranks".
[[nodiscard]] std::string DescribeAll(const std::vector<RankReport>& reports,
                                      const DeviceAssignment& assignment);

}  // namespace seve
