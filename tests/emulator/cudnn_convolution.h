// A convolution that a graph of cuDNN describes, and its computation.
#pragma once

#include <array>
#include <optional>

#include "emulator/cublas_elements.h"
#include "emulator/cudnn_descriptor.h"

namespace seve::emulator {

struct CudnnTensorView {
  int64_t name = 0;
  cudaDataType_t type = CUDA_R_32F;
  std::array<int64_t, 4> extents{}, strides{};
  bool is_virtual = false;

  [[nodiscard]] size_t elements() const {
    return static_cast<size_t>(extents[0] * extents[1] * extents[2] * extents[3]);
  }
  [[nodiscard]] size_t At(int64_t n, int64_t c, int64_t h, int64_t w) const {
    return static_cast<size_t>(n * strides[0] + c * strides[1] + h * strides[2] + w * strides[3]);
  }
};

enum class CudnnPass { kForward, kData, kFilter };

struct CudnnConvolution {
  CudnnPass pass = CudnnPass::kForward;
  CudnnTensorView x, y, filters;  // y: what is written at last, where a bias is added
  std::optional<CudnnTensorView> bias;
  std::array<int64_t, 2> stride{}, padding{}, dilation{};
  float alpha = 1, beta = 0;
};

// Where the tensors of a run lie.
struct CudnnMemory {
  void* x = nullptr;
  void* y = nullptr;
  void* filters = nullptr;
  void* bias = nullptr;
};

// Nothing where it is no convolution, perhaps with a bias, whose extents agree.
std::optional<CudnnConvolution> ReadConvolution(const CudnnDescriptor& graph);

// `tf32`: FP32 factors are rounded first.
void Convolve(const CudnnConvolution& convolution, const CudnnMemory& memory, bool tf32);

}  // namespace seve::emulator
