// (N, C, H, W) -> (N, C*H*W): the same memory under another shape.
#pragma once

#include "layers/layer.h"

namespace seve {

class Flatten : public Layer {
 public:
  explicit Flatten(const Shape& input) : output_({input.elements()}) {}

  [[nodiscard]] std::string_view kind() const override { return "flatten"; }
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] bool IsView() const override { return true; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  // Throws std::logic_error: views are never bound.
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;

 private:
  Shape output_;
};

}  // namespace seve
