// The one reduction within a host: ranks that can read each other's arenas sum them in place.
//
// Each rank sums its slice of a range over all arenas and writes the sum into all of them, block by
// block. Per rank and range of n floats over p ranks: n (p - 1) / p floats read from peers' arenas
// and as many written, two barriers for all ranges together. (Reading peers' finished slices
// instead takes a barrier and a pass more.) The sum has the shape of one fixed tree
// (comm/tree_sum.h), so its bits do not depend on the slicing or on the host's speed.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "comm/host_barrier.h"

namespace seve {

// Floats [begin, end) of an arena.
struct Range {
  size_t begin = 0, end = 0;
  [[nodiscard]] size_t size() const { return end - begin; }
  bool operator==(const Range&) const = default;
};

// Part `part` of `parts` nearly equal ones of a range, cut at cache lines of the arena.
[[nodiscard]] Range SliceOf(Range range, int part, int parts);

// How many ranks of at most `slices` share a sum of this many floats: short sums are cheaper alone.
[[nodiscard]] int PartsFor(size_t floats, int slices);

// Carries one slice over the other hosts' equal slices: in place, the sum on every host.
class AcrossHosts {
 public:
  virtual ~AcrossHosts() = default;
  virtual void Sum(std::span<float> slice) = 0;
};

class HostReduction {
 public:
  // `arenas`: of `floats` floats, one a rank of the host; `index`: this rank's; `slices`: the first
  // so many ranks sum. `across` may be null (one host). Everything passed outlives the reduction.
  HostReduction(std::vector<float*> arenas, size_t floats, int index, int slices,
                HostBarrier& barrier, AcrossHosts* across);

  // Records [begin, end); a range that continues the one before is merged with it.
  void Start(size_t begin, size_t end);
  // Sums what was recorded; afterwards no peer reads this rank's arena.
  void Finish();

 private:
  [[nodiscard]] Range MySlice(Range range) const;
  // Sums a slice of this rank over all arenas, and over hosts, into all arenas.
  void SumSlice(Range slice);
  void SumOwn(Range range);
  void GiveToPeers(Range range) const;

  std::vector<float*> arenas_;
  size_t floats_;
  int index_, slices_;
  HostBarrier& barrier_;
  AcrossHosts* across_;
  std::vector<Range> ranges_;
  std::vector<const float*> inputs_;  // the arenas at the slice being summed
};

}  // namespace seve
