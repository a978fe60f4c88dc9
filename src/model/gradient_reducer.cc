#include "model/gradient_reducer.h"

#include <algorithm>

namespace seve {
namespace {

// The slice of each node's parameters, in arena order: a node finishes all of its gradients at
// once. Statistics, which are there before, travel with the last slice.
std::vector<Bucket> NodeSlices(const ParameterLayout& layout) {
  std::vector<Bucket> slices;
  for (const auto& parameter : layout.parameters) {
    if (!parameter.Learns()) continue;
    if (!slices.empty() && slices.back().last_node == parameter.node) continue;
    if (!slices.empty()) slices.back().end = parameter.offset;
    slices.push_back({parameter.offset, layout.trainable_floats, parameter.node});
  }
  return slices;
}

}  // namespace

std::vector<Bucket> CutBuckets(const ParameterLayout& layout, size_t large_bytes,
                               size_t small_bytes) {
  const size_t large = large_bytes / sizeof(float);
  const size_t small = std::min(small_bytes / sizeof(float), large);
  const auto slices = NodeSlices(layout);
  size_t tail = slices.size();  // the last bucket takes slices from here
  while (tail > 0 && layout.trainable_floats - slices[tail - 1].begin <= small) --tail;

  std::vector<Bucket> buckets;
  bool open = false;
  for (size_t i = 0; i < slices.size(); ++i) {
    if (!open || i == tail) {
      buckets.push_back(slices[i]);
    } else {
      buckets.back().end = slices[i].end;
      buckets.back().last_node = slices[i].last_node;
    }
    const size_t cap = buckets.size() == 1 ? small : large;
    open = buckets.back().end - buckets.back().begin < cap;
  }
  return buckets;
}

GradientReducer::GradientReducer(std::vector<Bucket> buckets, size_t exact,
                                 const GradientArena& arena, Window& window, Wire wire, Legs legs)
    : buckets_(std::move(buckets)),
      exact_(exact),
      arena_(arena),
      window_(window),
      wire_(wire),
      legs_(legs) {}

void GradientReducer::NodeDone(int node) {
  while (next_ < buckets_.size() && buckets_[next_].last_node >= node) Start(buckets_[next_++]);
  window_.Progress();
}

void GradientReducer::Finish() {
  while (next_ < buckets_.size()) Start(buckets_[next_++]);
  next_ = 0;
  window_.StartSum(exact_, arena_.all().size());
  window_.FinishSums();
}

Range GradientReducer::GradientsOf(const Bucket& bucket) const {
  return {bucket.begin, std::min(bucket.end, exact_)};
}

void GradientReducer::Start(const Bucket& bucket) {
  const auto [begin, end] = GradientsOf(bucket);
  window_.StartSum(begin, end, wire_, legs_);
}

std::vector<Range> GradientReducer::Owned() const {
  std::vector<Range> owned;
  for (const auto& bucket : buckets_) {
    for (const Range range : window_.Owned(GradientsOf(bucket))) owned.push_back(range);
  }
  return owned;
}

void GradientReducer::Gather() {
  for (const auto& bucket : buckets_) {
    const auto [begin, end] = GradientsOf(bucket);
    window_.StartSum(begin, end, Wire::kFloat32, Legs::kGather);
  }
  window_.FinishSums();
}

}  // namespace seve
