// The sum of several layers' outputs with an optional fused activation, as residual connections
// need it (He et al. 2016).
#pragma once

#include "layers/activation_functions.h"
#include "layers/layer.h"

namespace seve {

// y = f(x_0 + x_1 + ...); all of one shape, any. The same value may be several of them.
class Add : public Layer {
 public:
  Add(size_t inputs, Shape shape, const Activation& activation = {})
      : inputs_(inputs), shape_(std::move(shape)), activation_(activation) {}

  [[nodiscard]] const Activation& activation() const { return activation_; }

  [[nodiscard]] std::string_view kind() const override { return "add"; }
  [[nodiscard]] const Shape& output() const override { return shape_; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override {
    return activation_.kind != ActivationKind::kNone && !SlopeNeedsInput(activation_);
  }
  // The sum, where the activation's derivative is computed from it.
  [[nodiscard]] size_t WorkspaceBytes(int64_t rows) const override {
    if (!SlopeNeedsInput(activation_)) return 0;
    return static_cast<size_t>(rows * shape_.elements()) * sizeof(float);
  }
  [[nodiscard]] int64_t FlopsPerSample() const override {
    const size_t each = activation_.kind == ActivationKind::kNone ? inputs_ - 1 : inputs_;
    return static_cast<int64_t>(each) * shape_.elements();
  }
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  size_t inputs_;
  Shape shape_;
  Activation activation_;
};

}  // namespace seve
