// What the environment says of the machine to emulate. Read anew at each call: tests change it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace seve::emulator {

// SEVE_EMULATED_GPUS (8) less what CUDA_VISIBLE_DEVICES hides: the places of the visible ones in
// the machine. As CUDA does, stops at the first entry that names no device.
std::vector<int> VisibleGpus();

// SEVE_EMULATED_DRIVER: the version of CUDA that the driver can do, 13000 for 13.0; 0: no driver.
int DriverVersion();

// SEVE_EMULATED_NAME, "Emulated GPU"; with "MIG" in it the devices are slices of GPUs.
std::string GpuName();

// SEVE_EMULATED_MEMORY: bytes of each device, 4 GiB.
size_t GpuMemory();

// SEVE_EMULATED_KERNELS=none: the binary has no code for the device's architecture.
bool HasKernels();

// SEVE_EMULATED_SHARED=1: all devices are the same GPU.
bool SharedGpu();

}  // namespace seve::emulator
