#include "forecast/slowest_rank.h"

#include <cmath>
#include <numbers>

namespace seve {
namespace {

// Phi^-1 by bisection: Phi has a name in the standard library, its inverse has none.
double NormalQuantile(double probability) {
  double low = -10, high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    const double phi = std::erfc(-middle / std::numbers::sqrt2) / 2;
    (phi < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

double ExpectedMaximum(int count) {
  if (count <= 1) return 0;
  return NormalQuantile((count - 0.375) / (count + 0.25));
}

}  // namespace seve
