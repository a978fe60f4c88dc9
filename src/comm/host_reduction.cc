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
constexpr size_t kExpectedRanges = 64;  // a step, before lists have to grow

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
  announced_.reserve(kExpectedRanges);
  carried_.reserve(kExpectedRanges);
}

void HostReduction::Start(Range range, Wire wire, Legs legs) {
  Check(range.begin <= range.end && range.end <= floats_,
        "the range of a sum lies outside its window");
  if (range.size() == 0) return;
  announced_.push_back({.range = range, .wire = wire, .legs = legs, .number = barrier_.Announce()});
  Progress();
}

std::vector<Range> HostReduction::Owned(Range range) const {
  const Range slice = MySlice(range);
  if (slice.size() == 0) return {};
  if (across_ == nullptr) return {slice};
  std::vector<Range> owned = across_->Owned(slice.size());
  for (Range& part : owned) part = {slice.begin + part.begin, slice.begin + part.end};
  return owned;
}

void HostReduction::Progress() {
  while (summed_ < announced_.size() && barrier_.AllAnnounced(announced_[summed_].number)) {
    SumNext();
  }
  GiveArrived();
}

void HostReduction::Finish() {
  if (announced_.empty()) return;
  const Waiter& waiter = barrier_.waiter();
  const auto all_summed = [&] {
    Progress();
    return summed_ == announced_.size();
  };
  waiter.Until("the sum of gradients (before it)", all_summed,
               [&] { return barrier_.NotAnnounced(announced_[summed_].number); });
  if (across_ != nullptr) {
    barrier_.SetAway(true);
    waiter.Until(
        "the sum of gradients (between hosts)", [&] { return GiveArrived(); },
        [&] { return barrier_.others(); });
    barrier_.SetAway(false);
    across_->Clear();
  }
  announced_.clear();
  carried_.clear();
  summed_ = given_ = 0;
  barrier_.Pass("the sum of gradients (after it)");
}

Range HostReduction::MySlice(Range range) const {
  const int parts = PartsFor(range.size(), slices_);
  return index_ < parts ? SliceOf(range, index_, parts) : Range{range.begin, range.begin};
}

void HostReduction::SumNext() {
  const auto& [range, wire, legs, number] = announced_[summed_++];
  const Range slice = MySlice(range);
  if (slice.size() == 0) return;
  Trace* const trace = barrier_.waiter().activity().trace();
  const TraceScope traced(trace, Trace::Row::kSum, "sum", "sum", slice.size() * sizeof(float));
  if (across_ == nullptr) return SumWithinHost(slice, legs);
  if (legs != Legs::kGather) SumOwn(slice);
  carried_.push_back({slice, legs, trace == nullptr ? 0 : Trace::Now()});
  across_->Begin({arenas_[index_] + slice.begin, slice.size()}, wire, legs, number);
}

void HostReduction::SumWithinHost(Range slice, Legs legs) {
  for (Range block = slice; block.begin < slice.end; block.begin = block.end) {
    block.end = std::min(slice.end, block.begin + kBlock);
    if (legs != Legs::kGather) SumOwn(block);
    if (legs != Legs::kSum) GiveToPeers(block);
  }
}

bool HostReduction::GiveArrived() {
  if (given_ == carried_.size()) return true;
  across_->Progress();
  for (const size_t done = across_->Done(); given_ < done; ++given_) {
    const auto& [slice, legs, begin] = carried_[given_];
    Trace* const trace = barrier_.waiter().activity().trace();
    if (trace != nullptr) {
      trace->Add(Trace::Row::kWire, "between hosts", "sum", begin, slice.size() * sizeof(float));
    }
    if (legs != Legs::kSum) GiveToPeers(slice);
  }
  return given_ == carried_.size();
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
