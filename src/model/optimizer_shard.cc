#include "model/optimizer_shard.h"

#include <algorithm>

#include "optim/norm.h"

namespace seve {

OptimizerShard::OptimizerShard(std::vector<Range> owned, size_t states) : owned_(std::move(owned)) {
  size_t floats = 0;
  for (const Range range : owned_) {
    places_.push_back(floats);
    floats += range.size();
  }
  for (size_t i = 0; i < states; ++i) states_.emplace_back(floats * sizeof(float));
}

Range OptimizerShard::Within(Range range, Range within) {
  const size_t begin = std::max(range.begin, within.begin);
  return {begin, std::max(begin, std::min(range.end, within.end))};
}

OptimizerShard::States OptimizerShard::StatesOf(size_t place, Range part) const {
  States states;
  for (size_t i = 0; i < states_.size(); ++i) {
    states[i] = states_[i].As<float>().subspan(place, part.size());
  }
  return states;
}

void OptimizerShard::Keep(size_t state, std::span<const float> arena) {
  for (size_t i = 0; i < owned_.size(); ++i) {
    const auto range = arena.subspan(owned_[i].begin, owned_[i].size());
    std::ranges::copy(range, states_[state].As<float>().begin() + places_[i]);
  }
}

void OptimizerShard::Put(size_t state, std::span<float> arena) const {
  for (size_t i = 0; i < owned_.size(); ++i) {
    const auto kept = states_[state].As<float>().subspan(places_[i], owned_[i].size());
    std::ranges::copy(kept, arena.begin() + owned_[i].begin);
  }
}

double OptimizerShard::SumOfSquares(std::span<const float> arena) const {
  double sum = 0;
  for (const Range range : owned_)
    sum += seve::SumOfSquares(arena.subspan(range.begin, range.size()));
  return sum;
}

}  // namespace seve
