#include "optim/norm.h"

#include <cstddef>

namespace seve {

// Interleaved lanes: vectorises, and adds in one fixed order.
double SumOfSquares(std::span<const float> values) {
  constexpr size_t kLanes = 32;
  double lanes[kLanes] = {};
  size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const auto value = static_cast<double>(values[i + lane]);
      lanes[lane] += value * value;
    }
  }
  double sum = 0;
  for (; i < values.size(); ++i)
    sum += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  for (const double lane : lanes) sum += lane;
  return sum;
}

}  // namespace seve
