// Elementwise activations as layers of their own: sigmoid, tanh, ReLU, leaky ReLU, ELU, GELU,
// softplus, swish, SELU, hard tanh.
#pragma once

#include "layers/activation_functions.h"
#include "layers/layer.h"

namespace seve {

// y = f(x) for every element; any shape.
class ActivationLayer : public Layer {
 public:
  ActivationLayer(const Activation& activation, Shape shape);

  [[nodiscard]] std::string_view kind() const override;
  [[nodiscard]] const Shape& output() const override { return shape_; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return SlopeNeedsInput(activation_); }
  [[nodiscard]] bool BackwardReadsOutput() const override { return !SlopeNeedsInput(activation_); }
  // Counts one operation an element, whatever the function.
  [[nodiscard]] int64_t FlopsPerSample() const override { return shape_.elements(); }
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  Activation activation_;
  Shape shape_;
};

// The name of its message in layers.proto: "leaky_relu"; "none".
std::string_view NameOf(ActivationKind kind);

}  // namespace seve
