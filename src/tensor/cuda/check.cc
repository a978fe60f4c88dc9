#include "tensor/cuda/check.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"

namespace seve {
namespace {

std::string Device() {
  int ordinal = -1;
  return cudaGetDevice(&ordinal) == cudaSuccess ? fmt::format("GPU {}", ordinal) : "the GPU";
}

}  // namespace

void CheckCuda(cudaError_t status, const char* call, std::source_location where) {
  if (status == cudaSuccess) return;
  static_cast<void>(cudaGetLastError());
  const bool memory = status == cudaErrorMemoryAllocation;
  throw Error(memory ? ExitCode::kUsage : ExitCode::kCommunication,
              fmt::format("{} failed on {}: {} ({})", call, Device(), cudaGetErrorString(status),
                          cudaGetErrorName(status)),
              where);
}

void CheckCublas(cublasStatus_t status, const char* call, std::source_location where) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw Error(ExitCode::kCommunication,
              fmt::format("{} failed on {}: {}", call, Device(), cublasLtGetStatusString(status)),
              where);
}

void NoteCuda(cudaError_t status, const char* call) noexcept {
  if (status == cudaSuccess) return;
  try {
    Logger().Error(fmt::format("{}: {}", call, cudaGetErrorString(status)));
  } catch (...) {  // nothing is left to say it with
  }
}

}  // namespace seve
