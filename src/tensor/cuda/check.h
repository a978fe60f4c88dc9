// Turns what CUDA returns into errors that say which call failed, on which device, and why.
#pragma once

#include <cublasLt.h>
#include <cuda_runtime_api.h>

#include <source_location>

namespace seve {

// Throws Error(kCommunication) unless all is well: a device that fails takes its rank with it. Of
// memory that is not there, Error(kUsage).
void CheckCuda(cudaError_t status, const char* call,
               std::source_location where = std::source_location::current());
void CheckCublas(cublasStatus_t status, const char* call,
                 std::source_location where = std::source_location::current());

// For destructors: says on standard error what went wrong and goes on.
void NoteCuda(cudaError_t status, const char* call) noexcept;

}  // namespace seve
