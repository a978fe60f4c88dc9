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
constexpr size_t kBlock = 2048;  // floats that stay in the first-level cache until peers have them
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
  for (const Range range : ranges_) SumSlice(MySlice(range));
  ranges_.clear();
  barrier_.Pass("the sum of gradients (after it)");
}

Range HostReduction::MySlice(Range range) const {
  const int parts = PartsFor(range.size(), slices_);
  return index_ < parts ? SliceOf(range, index_, parts) : Range{range.begin, range.begin};
}

void HostReduction::SumSlice(Range slice) {
  if (across_ == nullptr) {
    for (Range block = slice; block.begin < slice.end; block.begin = block.end) {
      block.end = std::min(slice.end, block.begin + kBlock);
      SumOwn(block);
      GiveToPeers(block);
    }
    return;
  }
  if (slice.size() == 0) return;
  SumOwn(slice);
  across_->Sum({arenas_[index_] + slice.begin, slice.size()});
  GiveToPeers(slice);
}

void HostReduction::SumOwn(Range range) {
  inputs_.clear();
  for (const float* arena : arenas_) inputs_.push_back(arena + range.begin);
  TreeSum(inputs_, range.size(), arenas_[index_] + range.begin);
}

void HostReduction::GiveToPeers(Range range) const {
  for (float* arena : arenas_) {
    if (arena == arenas_[index_]) continue;
    std::memcpy(arena + range.begin, arenas_[index_] + range.begin, range.size() * sizeof(float));
  }
}

}  // namespace seve
