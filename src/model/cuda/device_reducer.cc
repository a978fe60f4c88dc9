#include "model/cuda/device_reducer.h"

#include <fmt/format.h>

#include <algorithm>

#include "tensor/cuda/nvtx_range.h"

namespace seve {

std::vector<Bucket> CutDeviceBuckets(const ParameterLayout& layout, size_t bucket_bytes) {
  auto buckets = CutBuckets(layout, bucket_bytes);
  buckets.back().end = layout.trainable_floats + kStepRecordFloats;
  return buckets;
}

DeviceReducer::DeviceReducer(std::vector<Bucket> buckets, float* arena,
                             GpuCommunicator* communicator, bool tree, const CudaDevice& device)
    : buckets_(std::move(buckets)),
      arena_(arena),
      communicator_(communicator),
      tree_(tree),
      device_(device) {
  if (communicator == nullptr) return;
  stream_ = MakeStream(true);
  for (size_t i = 0; i < buckets_.size(); ++i) ready_.push_back(MakeEvent());
  asked_ = MakeEvent();
  done_ = MakeEvent();
}

void DeviceReducer::NodeDone(int node) {
  if (communicator_ == nullptr) return;
  while (next_ < buckets_.size() && buckets_[next_].last_node >= node) Start(next_++);
}

void DeviceReducer::Finish() {
  if (communicator_ == nullptr) return;
  while (next_ < buckets_.size()) Start(next_++);
  next_ = 0;
  Join(stream_.get(), device_.stream(), done_);
}

void DeviceReducer::Sum(std::span<double> values) {
  if (communicator_ == nullptr) return;
  Join(device_.stream(), stream_.get(), asked_);
  communicator_->AllReduceSum(values.data(), values.size(), stream_.get());
  Join(stream_.get(), device_.stream(), done_);
}

void DeviceReducer::Start(size_t index) {
  const Bucket& bucket = buckets_[index];
  const NvtxRange range(fmt::format("bucket {}", index).c_str());
  Join(device_.stream(), stream_.get(), ready_[index]);
  float* values = arena_ + bucket.begin;
  const size_t count = bucket.end - bucket.begin;
  if (tree_) {
    communicator_->AllReduceTreeSum(values, count, stream_.get());
  } else {
    communicator_->AllReduceSum(values, count, stream_.get());
  }
}

size_t DeviceReducer::Longest(const std::vector<Bucket>& buckets) {
  size_t longest = 0;
  for (const auto& bucket : buckets) longest = std::max(longest, bucket.end - bucket.begin);
  return longest;
}

}  // namespace seve
