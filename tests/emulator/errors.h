// Errors of the emulated runtime, as the calling thread finds them.
#pragma once

#include <cuda_runtime_api.h>

namespace seve::emulator {

// What a function of the runtime returns: remembers an error for cudaGetLastError.
cudaError_t Result(cudaError_t status);

}  // namespace seve::emulator
