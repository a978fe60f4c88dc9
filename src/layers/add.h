// The sum of several layers' outputs, as residual connections need it (He et al. 2016).
#pragma once

#include "layers/layer.h"

namespace seve {

// y = x_0 + x_1 + ...; all of one shape, any. The same value may be several of them.
class Add : public Layer {
 public:
  Add(size_t inputs, Shape shape) : inputs_(inputs), shape_(std::move(shape)) {}

  [[nodiscard]] std::string_view kind() const override { return "add"; }
  [[nodiscard]] const Shape& output() const override { return shape_; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  [[nodiscard]] int64_t FlopsPerSample() const override {
    return static_cast<int64_t>(inputs_ - 1) * shape_.elements();
  }
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  size_t inputs_;
  Shape shape_;
};

}  // namespace seve
