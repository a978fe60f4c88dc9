// The passes of a convolution on a GPU over tensors of layers: cuDNN's engines, and our kernels for
// what they leave to do. Two layers share them: what is forward in one is the input gradient of the
// other.
#pragma once

#include <optional>

#include "layers/activation_functions.h"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/cudnn_convolution.h"
#include "layers/cuda/gemm.h"

namespace seve {

// What becomes of a pass over pictures, besides being written.
struct PassEnding {
  Activation activation = {};
  bool bias = false;
  bool add = false;  // to what is there; without bias and activation
};

// kForward, y = f(x * W + b), or kInputGradient, x = f(y *^T W + b).
class PicturePass {
 public:
  // Chooses the engine. Throws Error(kUsage) where cuDNN has none.
  PicturePass(ConvolutionPass pass, const ConvolutionGeometry& geometry, int64_t rows,
              const PassEnding& ending, const CudaScope& scope);

  // `weight` (O, I, KH, KW) as among the parameters. `sums` is left with the values before the
  // activation; it may be `to`. `bias` is read where there is one.
  void Run(const Tensor& from, const Tensor& weight, const Tensor& bias, const Tensor& sums,
           const Tensor& to) const;

  // For people; empty where there are no rows.
  [[nodiscard]] std::string Engine() const { return convolution_ ? convolution_->engine() : ""; }

 private:
  CudnnConvolutionSpec spec_;
  PassEnding ending_;
  cudaStream_t stream_;
  std::optional<CudnnConvolution> convolution_;  // none where there are no rows
  size_t filters_at_ = 0;                        // in the scratch, after the engine's workspace
  std::shared_ptr<const DeviceBuffer> scratch_;
};

// The weight's gradient, from the x and y of the convolution.
class WeightPass {
 public:
  // As PicturePass.
  WeightPass(const ConvolutionGeometry& geometry, int64_t rows, const CudaScope& scope);

  // gradient = or, with `add`, += it; FP32, in the order of parameters.
  void Run(const Tensor& x, const Tensor& y, const Tensor& gradient, bool add) const;

  // As PicturePass.
  [[nodiscard]] std::string Engine() const {
    return convolution_ ? convolution_->engine() : (product_ ? "cuBLASLt" : "");
  }

 private:
  CudnnConvolutionSpec spec_;
  cudaStream_t stream_;
  std::optional<CudaGemm> product_;  // where the filters are of one pixel: a product of matrices
  std::optional<CudnnConvolution> convolution_;
  size_t result_at_ = 0;
  std::shared_ptr<const DeviceBuffer> scratch_;
};

}  // namespace seve
