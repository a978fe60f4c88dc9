#include "report/spread.h"

#include <cmath>
#include <numeric>

namespace seve {

Spread SpreadOf(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {.mean = mean, .deviation = values.size() > 1 ? std::sqrt(squares / (count - 1)) : 0};
}

}  // namespace seve
