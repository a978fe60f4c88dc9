// The configuration's penalties on a GPU: what model/penalty.h is on the CPU.
#pragma once

#include <vector>

#include "model/cuda/device_replica.h"

namespace seve {

class DevicePenalty {
 public:
  // All that is referred to must outlive it.
  DevicePenalty(const ParameterLayout& layout, const DeviceReplica& replica,
                const CudaDevice& device);

  // Enqueues: adds the penalties' gradient, times the weight of the reduced record, to the reduced
  // gradients, and notes their value. Nothing where there are none.
  void Enqueue() const;

 private:
  struct Run {
    size_t begin, end;
    float l1, l2;
  };
  const DeviceReplica& replica_;
  const CudaDevice& device_;
  std::vector<Run> runs_;
};

}  // namespace seve
