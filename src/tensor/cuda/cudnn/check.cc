#include "tensor/cuda/cudnn/check.h"

#include <fmt/format.h>

#include <array>

#include "base/error.h"

namespace seve {

std::string CudnnProblem(cudnnStatus_t status) {
  std::array<char, 1024> words = {};
  cudnnGetLastErrorString(words.data(), words.size());
  words.back() = '\0';
  const std::string text = words.data();
  const std::string name = cudnnGetErrorString(status);
  return text.empty() ? name : fmt::format("{}: {}", name, text);
}

void CheckCudnn(cudnnStatus_t status, const char* call, std::source_location where) {
  if (status == CUDNN_STATUS_SUCCESS) return;
  throw Error(ExitCode::kCommunication, fmt::format("{} failed: {}", call, CudnnProblem(status)),
              where);
}

}  // namespace seve
