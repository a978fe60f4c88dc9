// Sums in float64 that vectorise and add in one fixed order.
#pragma once

#include <cstdint>

namespace seve {

// Sum of term(i) for i < count, in eight interleaved lanes.
template <typename Term>
double LaneSum(int64_t count, Term term) {
  constexpr int64_t kLanes = 8;
  double lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane)
      lanes[lane] += static_cast<double>(term(i + lane));
  }
  double sum = 0;
  for (; i < count; ++i) sum += static_cast<double>(term(i));
  for (const double lane : lanes) sum += lane;
  return sum;
}

}  // namespace seve
