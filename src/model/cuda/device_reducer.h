// Sums gradient buckets over ranks beside backward: each as soon as its last gradient is enqueued,
// always in bucket order, in a stream of their own. The step record travels with the last one. So
// do, in between, statistics that forward and backward wait for.
#pragma once

#include <vector>

#include "comm/gpu_communicator.h"
#include "layers/statistics_reducer.h"
#include "model/gradient_reducer.h"
#include "tensor/cuda/cuda_device.h"
#include "tensor/cuda/device_buffer.h"

namespace seve {

// How gradients are summed over GPUs.
struct DeviceSums {
  // Where gradients end and begins what is never carried narrower nor left to an owner: running
  // statistics and the record.
  size_t exact = 0;
  bool tree = false;  // in the shape of the tree over ranks
  Wire wire = Wire::kFloat32;
  Legs legs = Legs::kBoth;
};

class DeviceReducer : public StatisticsReducer {
 public:
  // `arena`: gradients and the record behind them. `communicator`: null for a rank alone, which
  // sums nothing. All outlive the reducer.
  DeviceReducer(std::vector<Bucket> buckets, float* arena, GpuCommunicator* communicator,
                const DeviceSums& sums, const CudaDevice& device);

  // Everything that writes this node's gradients is enqueued; the record is complete.
  void NodeDone(int node);
  // Starts what is left; whatever the device's stream gets next runs after all sums: with
  // Legs::kSum, those of gradients on their owners.
  void Finish();
  // Gives every rank what owners have in the gradients' places of an arena; whatever the device's
  // stream gets next runs after that.
  void Gather(float* arena);

  // Whatever the device's stream gets next runs after the sum, which runs after what it got so far.
  void Sum(std::span<double> values) override;

  // Floats of the longest bucket.
  [[nodiscard]] static size_t Longest(const std::vector<Bucket>& buckets);
  // What this rank owns of the gradients in these buckets.
  [[nodiscard]] static std::vector<Range> Owned(const std::vector<Bucket>& buckets, size_t exact,
                                                const GpuCommunicator& communicator);

 private:
  void Start(size_t index);
  void StartGradients(Range range);
  [[nodiscard]] bool narrow() const { return sums_.wire == Wire::kBfloat16; }

  std::vector<Bucket> buckets_;  // the last one with the record
  float* arena_;
  GpuCommunicator* communicator_;
  DeviceSums sums_;
  const CudaDevice& device_;
  DeviceBuffer narrow_;  // the gradients as they travel, where that is narrower
  Stream stream_;
  std::vector<Event> ready_;
  Event asked_, done_;
  size_t next_ = 0;
};

// The buckets of a layout, the step record in the last one.
std::vector<Bucket> CutDeviceBuckets(const ParameterLayout& layout, size_t bucket_bytes);

}  // namespace seve
