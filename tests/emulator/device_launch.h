// Launches of kernels that are ordinary functions.
#pragma once

#include <cuda_runtime_api.h>

#include <functional>

namespace seve::emulator {

// Enqueues a grid whose threads each call `thread_body` (blocks.h). As cudaLaunchKernelEx
// otherwise.
cudaError_t LaunchKernel(const cudaLaunchConfig_t& config, std::function<void()> thread_body);

}  // namespace seve::emulator

template <typename... Parameters, typename... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Parameters...),
                               Arguments&&... arguments) {
  // The closure holds the parameters by value, as a launch does.
  return [&](Parameters... parameters) {
    return seve::emulator::LaunchKernel(*config,
                                        [kernel, parameters...] { kernel(parameters...); });
  }(static_cast<Arguments&&>(arguments)...);
}
