// (N, anything) -> (N, the shape given), of as many values, in the same row-major order.
#pragma once

#include "layers/layer.h"

namespace seve {

// Computes nothing where both shapes lie alike in memory, which vectors do; between pictures and
// others values move, as the ones lie channels-last.
class Reshape : public Layer {
 public:
  Reshape(Shape input, Shape output);

  [[nodiscard]] std::string_view kind() const override { return "reshape"; }
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] bool IsView() const override;
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  // A view is never bound: a std::logic_error.
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  Shape input_, output_;
};

}  // namespace seve
