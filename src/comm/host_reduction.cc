#include "comm/host_reduction.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "comm/tree_sum.h"

namespace seve {
namespace {

constexpr size_t kLine = 16;  // floats in a cache line
constexpr size_t kLeastSlice =
    512;  // below this, fetching the slice from a peer costs more than summing
constexpr size_t kExpectedRanges = 64;  // ranges a step before the list has to grow

}  // namespace

Range SliceOf(Range range, int part, int parts) {
  const size_t first = range.begin / kLine;
  const size_t lines = (range.end + kLine - 1) / kLine - first;
  const auto cut = [&](size_t k) {
    return std::clamp((first + lines * k / parts) * kLine, range.begin, range.end);
  };
  return {cut(part), cut(part + 1)};
}

int PartsFor(size_t floats, int slices) {
  return static_cast<int>(std::clamp<size_t>(floats / kLeastSlice, 1, slices));
}

HostReduction::HostReduction(std::vector<float*> arenas, size_t floats, int index, int slices,
                             HostBarrier& barrier, AcrossHosts* across)
    : arenas_(std::move(arenas)),
      floats_(floats),
      index_(index),
      slices_(slices),
      barrier_(barrier),
      across_(across) {
  inputs_.reserve(arenas_.size());
  ranges_.reserve(kExpectedRanges);
}

void HostReduction::Start(size_t begin, size_t end) {
  Check(begin <= end && end <= floats_, "the range of a sum lies outside its window");
  if (begin == end) return;
  if (!ranges_.empty() && ranges_.back().end == begin) {
    ranges_.back().end = end;
    return;
  }
  ranges_.push_back({begin, end});
}

void HostReduction::Finish() {
  if (ranges_.empty()) return;
  barrier_.Pass("the sum of gradients (before it)");
  for (const Range range : ranges_) SumMine(range);
  barrier_.Pass("the sum of gradients (slices)");
  for (const Range range : ranges_) GatherFromPeers(range);
  ranges_.clear();
  barrier_.Pass("the sum of gradients (gathering)");
}

Range HostReduction::MySlice(Range range) const {
  const int parts = PartsFor(range.size(), slices_);
  return index_ < parts ? SliceOf(range, index_, parts) : Range{range.begin, range.begin};
}

void HostReduction::SumMine(Range range) {
  const Range slice = MySlice(range);
  if (slice.size() == 0) return;
  inputs_.clear();
  for (const float* arena : arenas_) inputs_.push_back(arena + slice.begin);
  float* out = arenas_[index_] + slice.begin;
  TreeSum(inputs_, slice.size(), out);
  if (across_ != nullptr) across_->Sum({out, slice.size()});
}

void HostReduction::GatherFromPeers(Range range) const {
  const int parts = PartsFor(range.size(), slices_);
  for (int peer = 0; peer < parts; ++peer) {
    if (peer == index_) continue;
    const Range slice = SliceOf(range, peer, parts);
    std::memcpy(arenas_[index_] + slice.begin, arenas_[peer] + slice.begin,
                slice.size() * sizeof(float));
  }
}

}  // namespace seve
