// Mean and standard deviation of a few values.
#pragma once

#include <span>

namespace seve {

struct Spread {
  double mean = 0;
  double deviation = 0;  // of the sample: sum of squares over n - 1; 0 of a single value
};

Spread SpreadOf(std::span<const double> values);

}  // namespace seve
