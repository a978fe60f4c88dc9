// Two-dimensional transposed convolution with an optional fused activation.
#pragma once

#include "layers/conv2d.h"

namespace seve {

// y = f(x *^T W + b): the input gradient of the convolution with that geometry, whose `outputs` and
// `output` are this layer's input. x: (N, C, H, W), y: (N, O, H', W'), both channels-last in
// memory; "weight" W: (C, O / groups, KH, KW), "bias" b: (O).
class ConvTranspose2d : public Layer {
 public:
  explicit ConvTranspose2d(const Conv2dOptions& options);

  [[nodiscard]] std::string_view kind() const override { return "conv_transpose2d"; }
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] std::vector<ParameterSpec> Parameters() const override;
  [[nodiscard]] bool BackwardReadsOutput() const override;
  // The values before the activation, where its derivative is computed from them: (N, output).
  [[nodiscard]] size_t WorkspaceBytes(int64_t rows) const override;
  [[nodiscard]] int64_t FlopsPerSample() const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  Conv2dOptions options_;
  Shape output_;
};

}  // namespace seve
