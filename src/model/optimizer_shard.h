// The part of an optimizer that one rank keeps where each updates its own share of the parameters
// (ZeRO stage 1, arXiv 1910.02054): the states of the ranges of the arena that it owns, and no
// others.
#pragma once

#include <array>
#include <vector>

#include "comm/range.h"
#include "optim/optimizer.h"
#include "tensor/buffer.h"

namespace seve {

class OptimizerShard {
 public:
  // `owned`: ascending, disjoint. States start at zero.
  OptimizerShard(std::vector<Range> owned, size_t states);

  [[nodiscard]] const std::vector<Range>& owned() const { return owned_; }

  // Calls use(range, its states) for what it owns of `within`.
  template <typename Use>
  void ForEach(Range within, Use use) const {
    for (size_t i = 0; i < owned_.size(); ++i) {
      const Range part = Within(owned_[i], within);
      if (part.size() > 0) use(part, StatesOf(places_[i] + part.begin - owned_[i].begin, part));
    }
  }

  // The owned ranges of a state, from an arena of its own and to it.
  void Keep(size_t state, std::span<const float> arena);
  void Put(size_t state, std::span<float> arena) const;

  // Over what it owns of an arena.
  [[nodiscard]] double SumOfSquares(std::span<const float> arena) const;

 private:
  using States = std::array<std::span<float>, kMaxOptimizerStates>;

  [[nodiscard]] static Range Within(Range range, Range within);
  [[nodiscard]] States StatesOf(size_t place, Range part) const;

  std::vector<Range> owned_;
  std::vector<size_t> places_;  // of each range in the states
  std::vector<Buffer> states_;  // one range behind the other
};

}  // namespace seve
