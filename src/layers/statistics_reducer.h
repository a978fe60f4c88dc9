// What layers may ask of other ranks.
#pragma once

#include <span>

namespace seve {

// Sums statistics of micro-batches over all ranks, where they are synchronised.
class StatisticsReducer {
 public:
  virtual ~StatisticsReducer() = default;
  // In place, in float64. All ranks call it equally often, in the same order, with as many values.
  // On a GPU the values lie there and the sum is enqueued in the device's stream.
  virtual void Sum(std::span<double> values) = 0;
};

}  // namespace seve
