#include "model/optimizer_shard.h"

#include "optim/norm.h"

namespace seve {

OptimizerShard::OptimizerShard(Shard shard, size_t states) : shard_(std::move(shard)) {
  for (size_t i = 0; i < states; ++i) states_.emplace_back(shard_.floats() * sizeof(float));
}

OptimizerShard::States OptimizerShard::StatesOf(size_t place, Range part) const {
  States states;
  for (size_t i = 0; i < states_.size(); ++i) {
    states[i] = states_[i].As<float>().subspan(place, part.size());
  }
  return states;
}

void OptimizerShard::Keep(size_t state, std::span<const float> arena) {
  shard_.ForEach([&](Range range, size_t place) {
    const auto values = arena.subspan(range.begin, range.size());
    std::ranges::copy(values, states_[state].As<float>().begin() + place);
  });
}

void OptimizerShard::Put(size_t state, std::span<float> arena) const {
  shard_.ForEach([&](Range range, size_t place) {
    const auto kept = states_[state].As<float>().subspan(place, range.size());
    std::ranges::copy(kept, arena.begin() + range.begin);
  });
}

double OptimizerShard::SumOfSquares(std::span<const float> arena) const {
  double sum = 0;
  for (const Range range : shard_.owned()) {
    sum += seve::SumOfSquares(arena.subspan(range.begin, range.size()));
  }
  return sum;
}

}  // namespace seve
