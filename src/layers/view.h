// Layers that compute nothing: the input's memory under another shape.
#pragma once

#include "layers/layer.h"

namespace seve {

class View : public Layer {
 public:
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] bool IsView() const override { return true; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  // Throws std::logic_error: views are never bound.
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;

 protected:
  explicit View(Shape output) : output_(std::move(output)) {}

 private:
  Shape output_;
};

}  // namespace seve
