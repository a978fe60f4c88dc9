// The one reduction within a host: ranks that can read each other's arenas sum them in place.
//
// A range is summed as soon as every rank of the host has announced it, by whoever looks next: in
// the midst of its backward pass (Progress) or at the end (Finish). Each rank sums its slice of the
// range over all arenas and writes the sum into all of them, block by block. Per rank and range of
// n floats over p ranks: n (p - 1) / p floats read from peers' arenas and as many written, one
// barrier for all ranges of a step. (Reading peers' finished slices instead takes a barrier and a
// pass more.) The sum has the shape of one fixed tree (comm/tree_sum.h), so its bits depend neither
// on the slicing nor on who was when.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "comm/communicator.h"
#include "comm/host_barrier.h"

namespace seve {

// Part `part` of `parts` nearly equal ones of a range, cut at cache lines of the arena.
[[nodiscard]] Range SliceOf(Range range, int part, int parts);

// How many ranks of at most `slices` share a sum of this many floats: short sums are cheaper alone.
[[nodiscard]] int PartsFor(size_t floats, int slices);

// Carries slices over the other hosts' equal slices, several at a time, and leaves the sums in
// place.
class AcrossHosts {
 public:
  virtual ~AcrossHosts() = default;
  // `number`: the range's, the same on every host (HostBarrier::Announce). Does not wait.
  virtual void Begin(std::span<float> slice, Wire wire, Legs legs, uint64_t number) = 0;
  // Goes on with all that was begun, as far as messages have come.
  virtual void Progress() = 0;
  // How many slices, in the order in which they were begun, are summed.
  [[nodiscard]] virtual size_t Done() const = 0;
  // All are: the next one is the first again.
  virtual void Clear() = 0;
  // The parts of a slice of `floats` that this rank adds up.
  [[nodiscard]] virtual std::vector<Range> Owned(size_t floats) const = 0;
};

class HostReduction {
 public:
  // `arenas`: of `floats` floats, one a rank of the host; `index`: this rank's; `slices`: the first
  // so many ranks sum. `across` may be null (one host). Everything passed outlives the reduction.
  HostReduction(std::vector<float*> arenas, size_t floats, int index, int slices,
                HostBarrier& barrier, AcrossHosts* across);

  // As Window's.
  void Start(Range range, Wire wire, Legs legs);
  [[nodiscard]] std::vector<Range> Owned(Range range) const;
  void Progress();
  void Finish();

 private:
  struct Announced {
    Range range;
    Wire wire;
    Legs legs;
    uint64_t number;
  };
  struct Carried {
    Range slice;
    Legs legs;
    int64_t begin;  // Trace::Now()
  };

  [[nodiscard]] Range MySlice(Range range) const;
  // This rank's slice of the next range, which every rank of the host has announced.
  void SumNext();
  void SumWithinHost(Range slice, Legs legs);
  void SumOwn(Range range);
  void GiveToPeers(Range range) const;
  // Gives peers what has come from other hosts; whether that is all.
  bool GiveArrived();

  std::vector<float*> arenas_;
  size_t floats_;
  int index_, slices_;
  HostBarrier& barrier_;
  AcrossHosts* across_;
  std::vector<Announced> announced_;  // in this step
  size_t summed_ = 0;                 // of them
  std::vector<Carried> carried_;      // slices that other hosts add to
  size_t given_ = 0;                  // of them
  std::vector<const float*> inputs_;  // the arenas at the slice being summed
};

}  // namespace seve
