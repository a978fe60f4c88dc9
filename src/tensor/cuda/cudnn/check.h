// Turns what cuDNN returns into errors, in its own words.
#pragma once

#include <cudnn.h>

#include <source_location>
#include <string>

namespace seve {

// "CUDNN_STATUS_NOT_SUPPORTED: ...", with what cuDNN says of the latest call that failed.
[[nodiscard]] std::string CudnnProblem(cudnnStatus_t status);

// Throws Error(kCommunication) unless all is well: a device that fails takes its rank with it.
void CheckCudnn(cudnnStatus_t status, const char* call,
                std::source_location where = std::source_location::current());

}  // namespace seve
