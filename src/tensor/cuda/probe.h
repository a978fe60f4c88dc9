// Does this binary hold code for a GPU?
#pragma once

#include <cuda_runtime_api.h>

namespace seve {

// Asks the current device for the smallest of our kernels: cudaErrorNoKernelImageForDevice where
// nothing in the binary runs on its architecture.
[[nodiscard]] cudaError_t ProbeKernels();

}  // namespace seve
