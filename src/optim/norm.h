// The L2 norm that clipping needs.
#pragma once

#include <span>

namespace seve {

// Sum of squares in float64; NaN or infinity when a value is not finite.
double SumOfSquares(std::span<const float> values);

}  // namespace seve
