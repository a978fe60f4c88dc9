// Sums gradient buckets over ranks beside backward: each as soon as its last gradient is enqueued,
// always in bucket order, in a stream of their own. The step record travels with the last one. So
// do, in between, statistics that forward and backward wait for.
#pragma once

#include <vector>

#include "comm/gpu_communicator.h"
#include "layers/statistics_reducer.h"
#include "model/gradient_reducer.h"
#include "tensor/cuda/cuda_device.h"

namespace seve {

class DeviceReducer : public StatisticsReducer {
 public:
  // `arena`: gradients and the record behind them. `communicator`: null for a rank alone, which
  // sums nothing. `tree`: in the shape of the tree over ranks. All outlive the reducer.
  DeviceReducer(std::vector<Bucket> buckets, float* arena, GpuCommunicator* communicator, bool tree,
                const CudaDevice& device);

  // Everything that writes this node's gradients is enqueued; the record is complete.
  void NodeDone(int node);
  // Starts what is left; whatever the device's stream gets next runs after all sums.
  void Finish();

  // Whatever the device's stream gets next runs after the sum, which runs after what it got so far.
  void Sum(std::span<double> values) override;

  // Floats of the longest bucket.
  [[nodiscard]] static size_t Longest(const std::vector<Bucket>& buckets);

 private:
  void Start(size_t index);

  std::vector<Bucket> buckets_;  // the last one with the record
  float* arena_;
  GpuCommunicator* communicator_;
  bool tree_;
  const CudaDevice& device_;
  Stream stream_;
  std::vector<Event> ready_;
  Event asked_, done_;
  size_t next_ = 0;
};

// The buckets of a layout, the step record in the last one.
std::vector<Bucket> CutDeviceBuckets(const ParameterLayout& layout, size_t bucket_bytes);

}  // namespace seve
