// Sums slices over hosts with messages, in the same fixed tree as within a host.
//
// Slices travel in pieces, of which many are under way: over TCP a single long message at a time
// fills a link in one direction only, half of what pieces of half a MiB both ways do.
#pragma once

#include <memory>
#include <vector>

#include "comm/mpi/slice_exchange.h"

namespace seve {

class MpiAcrossHosts : public AcrossHosts {
 public:
  // `across`: the ranks of equal index on all hosts; outlives it.
  explicit MpiAcrossHosts(const MpiComm& across);

  void Begin(std::span<float> slice, Wire wire, Legs legs, uint64_t number) override;
  void Progress() override;
  [[nodiscard]] size_t Done() const override { return slices_done_; }
  void Clear() override;
  [[nodiscard]] std::vector<Range> Owned(size_t floats) const override;

 private:
  const MpiComm& across_;
  size_t piece_floats_;
  // One for each piece of a step, with the memory it needs, from the first step on.
  std::vector<std::unique_ptr<SliceExchange>> exchanges_;
  size_t begun_ = 0, added_ = 0, finished_ = 0;  // of them, in their order
  std::vector<size_t> ends_;                     // of each slice: the pieces up to its last
  size_t slices_done_ = 0;
};

}  // namespace seve
