// A linear (dense, fully connected) layer with an optional fused activation.
#pragma once

#include "layers/activation_functions.h"
#include "layers/layer.h"

namespace seve {

struct LinearOptions {
  int64_t inputs = 0;
  int64_t units = 0;
  bool bias = true;
  Activation activation = {};
  Initializer weight_initializer = {Initializer::Kind::kFanInUniform};
  Initializer bias_initializer = {Initializer::Kind::kFanInUniform};
};

// y = f(x W^T + b). x: (N, inputs), "weight" W: (units, inputs), "bias" b: (units), y: (N, units).
class Linear : public Layer {
 public:
  explicit Linear(const LinearOptions& options);

  [[nodiscard]] std::string_view kind() const override { return "linear"; }
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] std::vector<ParameterSpec> Parameters() const override;
  [[nodiscard]] bool BackwardReadsOutput() const override;
  // The values before the activation, where its derivative is computed from them: (N, units).
  [[nodiscard]] size_t WorkspaceBytes(int64_t rows) const override;
  [[nodiscard]] int64_t FlopsPerSample() const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  LinearOptions options_;
  Shape output_;
};

}  // namespace seve
