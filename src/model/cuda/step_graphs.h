// Steps as graphs: the first step of each kind runs kernel by kernel, so that every library has set
// itself up, the second is recorded, and from then on a step is one launch.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "tensor/cuda/cuda_device.h"

namespace seve {

class StepGraphs {
 public:
  // `eager`: never records. The device must outlive it.
  StepGraphs(const CudaDevice& device, bool eager) : device_(device), eager_(eager) {}

  // Runs what `enqueue` puts into the device's stream; equal kinds enqueue the same. `once`: kernel
  // by kernel this time, whatever was recorded.
  void Run(const std::vector<int64_t>& kind, bool once, const std::function<void()>& enqueue);

  // Forgets what was recorded.
  void Clear() { recorded_.clear(); }

 private:
  struct Recorded {
    std::vector<int64_t> kind;
    CudaGraphExec graph;  // null: it ran once
  };
  void Record(Recorded& recorded, const std::function<void()>& enqueue) const;

  const CudaDevice& device_;
  bool eager_;
  std::vector<Recorded> recorded_;
};

}  // namespace seve
