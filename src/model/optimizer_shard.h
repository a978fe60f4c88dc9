// The part of an optimizer that one rank keeps where each updates its own share of the parameters
// (ZeRO stage 1, arXiv 1910.02054): the states of the ranges of the arena that it owns, and no
// others.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "model/shard.h"
#include "optim/optimizer.h"
#include "tensor/buffer.h"

namespace seve {

class OptimizerShard {
 public:
  // States start at zero.
  OptimizerShard(Shard shard, size_t states);

  [[nodiscard]] const std::vector<Range>& owned() const { return shard_.owned(); }

  // Calls use(range, its states) for what it owns of `within`.
  template <typename Use>
  void ForEach(Range within, Use use) const {
    shard_.ForEach(within, [&](Range part, size_t place) { use(part, StatesOf(place, part)); });
  }

  // The owned ranges of a state, from an arena of its own and to it.
  void Keep(size_t state, std::span<const float> arena);
  void Put(size_t state, std::span<float> arena) const;

  // Over what it owns of an arena.
  [[nodiscard]] double SumOfSquares(std::span<const float> arena) const;

 private:
  using States = std::array<std::span<float>, kMaxOptimizerStates>;

  [[nodiscard]] States StatesOf(size_t place, Range part) const;

  Shard shard_;
  std::vector<Buffer> states_;  // one range behind the other
};

}  // namespace seve
