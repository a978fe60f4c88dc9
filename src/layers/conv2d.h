// Two-dimensional convolution (cross-correlation) with an optional fused activation.
#pragma once

#include "layers/activation_functions.h"
#include "layers/convolution_geometry.h"
#include "layers/layer.h"

namespace seve {

// Of Conv2d and ConvTranspose2d.
struct Conv2dOptions {
  ConvolutionGeometry geometry;
  bool bias = true;
  Activation activation = {};
  Initializer weight_initializer = {Initializer::Kind::kFanInUniform};
  Initializer bias_initializer = {Initializer::Kind::kFanInUniform};
};

// "weight" and, if there is one, "bias" of so many values.
std::vector<ParameterSpec> ConvolutionParameters(const Conv2dOptions& options, int64_t biases);

// y = f(x * W + b). x: (N, C, H, W), y: (N, O, H', W'), both channels-last in memory; "weight" W:
// (O, C / groups, KH, KW), "bias" b: (O).
class Conv2d : public Layer {
 public:
  explicit Conv2d(const Conv2dOptions& options);

  [[nodiscard]] std::string_view kind() const override { return "conv2d"; }
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] std::vector<ParameterSpec> Parameters() const override;
  [[nodiscard]] bool BackwardReadsOutput() const override;
  [[nodiscard]] bool TakesFollower() const override {
    return options_.activation.kind == ActivationKind::kNone;
  }
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
