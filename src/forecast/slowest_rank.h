// How much later than the mean the slowest of many ranks is.
#pragma once

namespace seve {

// The expected maximum of `count` independent standard normal values: Blom's approximation (1958)
// Phi^-1((n - 0.375) / (n + 0.25)), within 5 % of the exact value; it grows as sqrt(2 ln n). 0 for
// one.
double ExpectedMaximum(int count);

}  // namespace seve
