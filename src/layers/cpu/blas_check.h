// Makes sure at start that matrix products are fast and right.
#pragma once

namespace seve {

// Throws Error(kUsage) when the BLAS that was loaded is not OpenBLAS (the reference BLAS is some
// thirty times slower) or when a small product differs from the same in float64. Takes under 2 ms.
void CheckBlas();

}  // namespace seve
