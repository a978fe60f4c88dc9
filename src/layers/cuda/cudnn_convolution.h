// Convolutions of a GPU by cuDNN, compiled once for their shape and run on pointers. Without its
// header: cudnn/ or no_cudnn/ stands behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "layers/convolution_geometry.h"
#include "tensor/cuda/cuda_device.h"
#include "tensor/dtype.h"
#include "tensor/precision.h"

namespace seve {

// x: (rows, inputs, H, W) and y: (rows, outputs, H', W'), channels-last; filters W: (outputs,
// inputs / groups, KH, KW) in the order (outputs, KH, KW, inputs / groups).
enum class ConvolutionPass : uint8_t {
  kForward,         // y = x * W, + bias where asked
  kInputGradient,   // x = y *^T W
  kWeightGradient,  // W = the correlation of x and y
};

constexpr const char* NameOf(ConvolutionPass pass) {
  switch (pass) {
    case ConvolutionPass::kForward:
      return "forward";
    case ConvolutionPass::kInputGradient:
      return "input gradient";
    case ConvolutionPass::kWeightGradient:
      return "weight gradient";
  }
  return "?";
}

// x, y and W have the type of activations of the precision, sums are FP32.
struct CudnnConvolutionSpec {
  ConvolutionPass pass = ConvolutionPass::kForward;
  ConvolutionGeometry geometry;
  int64_t rows = 0;
  Precision precision = Precision::kFp32;
  bool bias = false;  // forward alone: (outputs) of the type of activations
  bool add = false;   // += instead of =; without bias
};

// All on the device and aligned to 16 bytes. The pass writes one of the first three.
struct CudnnOperands {
  void* x = nullptr;
  void* y = nullptr;
  void* filters = nullptr;
  void* bias = nullptr;
};

class CudnnConvolution {
 public:
  // The first engine of cuDNN's heuristics that gives equal bits for equal input and keeps to the
  // precision: a choice by shape and device, never by timing. Nothing where there is none,
  // `problem` then being what cuDNN said. No extent is 0. ReLU is left to us: those of engines hide
  // NaNs.
  static std::optional<CudnnConvolution> Find(const CudnnConvolutionSpec& spec, CudaDevice& device,
                                              std::string* problem);

  // Enqueues. `workspace`: workspace_bytes(), aligned to 256.
  void Run(const CudnnOperands& operands, void* workspace) const;

  [[nodiscard]] size_t workspace_bytes() const { return workspace_bytes_; }
  // For people who compare: "engine 48 (tensor cores), workspace 2.0 MiB".
  [[nodiscard]] const std::string& engine() const { return engine_; }

 private:
  struct Destroy {
    void operator()(void* descriptor) const noexcept;
  };
  using Descriptor = std::unique_ptr<void, Destroy>;

  CudnnConvolution() = default;

  cudnnContext* handle_ = nullptr;
  Descriptor plan_;
  bool bias_ = false;
  size_t workspace_bytes_ = 0;
  std::string engine_;
};

}  // namespace seve
