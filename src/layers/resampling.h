// Layers whose pixels are weighted sums of their input's, with weights for rows and columns apart:
// means of windows, larger pictures, pictures with an edge around them.
#pragma once

#include "layers/axis_taps.h"
#include "layers/layer.h"

namespace seve {

// (N, C, H, W) -> (N, C, H', W'): y(c, h, w) = sum of rows(h, i) columns(w, j) x(c, i, j), added
// row by row; `elsewhere` where there is nothing to add.
class Resampling : public Layer {
 public:
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  [[nodiscard]] int64_t FlopsPerSample() const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 protected:
  Resampling(int64_t channels, AxisTaps rows, AxisTaps columns, float elsewhere = 0);

 private:
  AxisTaps rows_, columns_;
  float elsewhere_;
  Shape output_;
};

}  // namespace seve
