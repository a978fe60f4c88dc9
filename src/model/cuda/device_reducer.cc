#include "model/cuda/device_reducer.h"

#include <cuda_bf16.h>

#include <algorithm>

#include "model/cuda/arena_kernels.h"
#include "tensor/cuda/device_range.h"

namespace seve {
namespace {

Range GradientsOf(const Bucket& bucket, size_t exact) {
  return {bucket.begin, std::min(bucket.end, exact)};
}

}  // namespace

std::vector<Bucket> CutDeviceBuckets(const ParameterLayout& layout, size_t bucket_bytes) {
  auto buckets = CutBuckets(layout, bucket_bytes);
  buckets.back().end = layout.trainable_floats + kStepRecordFloats;
  return buckets;
}

DeviceReducer::DeviceReducer(std::vector<Bucket> buckets, float* arena,
                             GpuCommunicator* communicator, const DeviceSums& sums,
                             const CudaDevice& device)
    : buckets_(std::move(buckets)),
      arena_(arena),
      communicator_(communicator),
      sums_(sums),
      device_(device) {
  if (communicator == nullptr) return;
  if (narrow()) narrow_ = DeviceBuffer(sums.exact * sizeof(__nv_bfloat16));
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
  if (narrow()) Widen(narrow_.data(), DType::kBfloat16, arena_, sums_.exact, device_);
}

void DeviceReducer::Gather(float* arena) {
  if (communicator_ == nullptr) return;
  Join(device_.stream(), stream_.get(), asked_);
  for (const Bucket& bucket : buckets_) {
    const Range gradients = GradientsOf(bucket, sums_.exact);
    const DeviceRange range(device_, stream_.get(), Trace::Row::kSum, "gather", "sum",
                            gradients.size() * sizeof(float));
    communicator_->AllGather(arena + gradients.begin, gradients.size(), stream_.get());
  }
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
  // What takes no other way than the rest of the arena goes with the last gradients.
  const bool apart = narrow() || sums_.legs != Legs::kBoth;
  const Range all = {bucket.begin, bucket.end};
  const Range gradients = apart ? GradientsOf(bucket, sums_.exact) : all;
  if (narrow()) {
    auto* to = narrow_.As<__nv_bfloat16>() + gradients.begin;
    NarrowCopy(arena_ + gradients.begin, to, DType::kBfloat16, gradients.size(), device_);
  }
  Join(device_.stream(), stream_.get(), ready_[index]);
  const DeviceRange range(device_, stream_.get(), Trace::Row::kSum, "bucket", "sum",
                          (all.end - all.begin) * sizeof(float));
  StartGradients(gradients);
  if (gradients.end == all.end) return;
  communicator_->AllReduceSum(arena_ + gradients.end, all.end - gradients.end, stream_.get());
}

void DeviceReducer::StartGradients(Range range) {
  float* values = arena_ + range.begin;
  const cudaStream_t stream = stream_.get();
  const bool whole = sums_.legs == Legs::kBoth;
  if (narrow()) {
    auto* narrowed = narrow_.As<__nv_bfloat16>() + range.begin;
    whole ? communicator_->AllReduceSum(narrowed, range.size(), stream)
          : communicator_->ReduceScatterSum(narrowed, range.size(), stream);
  } else if (sums_.tree) {
    whole ? communicator_->AllReduceTreeSum(values, range.size(), stream)
          : communicator_->ReduceScatterTreeSum(values, range.size(), stream);
  } else {
    whole ? communicator_->AllReduceSum(values, range.size(), stream)
          : communicator_->ReduceScatterSum(values, range.size(), stream);
  }
}

std::vector<Range> DeviceReducer::Owned(const std::vector<Bucket>& buckets, size_t exact,
                                        const GpuCommunicator& communicator) {
  std::vector<Range> owned;
  for (const Bucket& bucket : buckets) {
    const Range gradients = GradientsOf(bucket, exact);
    const Range mine = communicator.Owned(gradients.size());
    if (mine.size() > 0)
      owned.push_back({gradients.begin + mine.begin, gradients.begin + mine.end});
  }
  return owned;
}

size_t DeviceReducer::Longest(const std::vector<Bucket>& buckets) {
  size_t longest = 0;
  for (const auto& bucket : buckets) longest = std::max(longest, bucket.end - bucket.begin);
  return longest;
}

}  // namespace seve
