// The largest value of each window.
#pragma once

#include "layers/layer.h"
#include "layers/window_geometry.h"

namespace seve {

// (N, C, H, W) -> (N, C, H', W'). Of equal values the first in row-major order is the largest; NaN
// is larger than any number. Backward adds each output's gradient to its largest input, window
// after window.
class MaxPool : public Layer {
 public:
  explicit MaxPool(const WindowGeometry& geometry)
      : geometry_(geometry), output_(geometry.OutputShape()) {}

  [[nodiscard]] std::string_view kind() const override { return "max_pool"; }
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  // Where in its window each output's value stands, counted row by row.
  [[nodiscard]] size_t WorkspaceBytes(int64_t rows) const override {
    return static_cast<size_t>(rows * output_.elements()) *
           (PositionsAreBytes() ? sizeof(uint8_t) : sizeof(int32_t));
  }
  [[nodiscard]] int64_t FlopsPerSample() const override {
    return output_.elements() * geometry_.Positions();
  }
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  [[nodiscard]] bool PositionsAreBytes() const { return geometry_.Positions() <= 256; }

  WindowGeometry geometry_;
  Shape output_;
};

}  // namespace seve
