#include <utility>

#include "blocks.h"
#include "device_launch.h"
#include "devices.h"
#include "errors.h"
#include "settings.h"
#include "state.h"
#include "stream.h"

namespace seve::emulator {
namespace {

bool Fits(dim3 grid, dim3 block) {
  constexpr unsigned kMost = 65535;
  const uint64_t threads = uint64_t{block.x} * block.y * block.z;
  return grid.x >= 1 && grid.x <= 0x7fffffff && grid.y >= 1 && grid.y <= kMost && grid.z >= 1 &&
         grid.z <= kMost && threads >= 1 && threads <= 1024 && block.x <= 1024 && block.y <= 1024 &&
         block.z <= 64;
}

cudaError_t CheckLaunch(const cudaLaunchConfig_t& config) {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return status;
  if (!HasKernels()) return cudaErrorNoKernelImageForDevice;
  if (!Fits(config.gridDim, config.blockDim)) return cudaErrorInvalidConfiguration;
  if (config.dynamicSmemBytes != 0 || config.numAttrs != 0) return cudaErrorNotSupported;
  const auto lock = StateLock();
  const CUstream_st* stream = FindStream(config.stream);
  return stream == nullptr || stream->device != CurrentDevice() ? cudaErrorInvalidResourceHandle
                                                                : cudaSuccess;
}

}  // namespace

cudaError_t LaunchKernel(const cudaLaunchConfig_t& config, std::function<void()> thread_body) {
  if (const cudaError_t status = CheckLaunch(config); status != cudaSuccess) return Result(status);
  return Result(
      Enqueue(config.stream, [grid = config.gridDim, block = config.blockDim,
                              body = std::move(thread_body)] { RunGrid(grid, block, body); }));
}

}  // namespace seve::emulator

using namespace seve::emulator;

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void*) {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return Result(status);
  if (!HasKernels()) return Result(cudaErrorNoKernelImageForDevice);
  *attributes = {};
  attributes->maxThreadsPerBlock = 1024;
  attributes->numRegs = 32;
  attributes->binaryVersion = 90;
  attributes->ptxVersion = 90;
  return cudaSuccess;
}
