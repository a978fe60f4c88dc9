// The devices of the emulated machine.
#pragma once

#include <cuda_runtime_api.h>

namespace seve::emulator {

// cudaSuccess where the driver is new enough and the calling thread's device exists: the first
// check of what works on a device.
cudaError_t CheckDevice();

// The calling thread's.
int CurrentDevice();

}  // namespace seve::emulator
