// Dropout (Srivastava et al. 2014), with masks that depend on the sample and not on who computes
// it.
#pragma once

#include "layers/layer.h"

namespace seve {

// Training: each value is 0 with probability `rate` and divided by 1 - rate otherwise. Evaluation:
// y = x. Element e of the sample at position p is dropped where the uniform draw e mod 4 of
// Philox(seed, kDropout, name)(epoch, p mod 2^32, p / 2^32, e / 4) is below the rate.
class Dropout : public Layer {
 public:
  // rate: 0 to 1.
  Dropout(float rate, Shape shape);

  [[nodiscard]] std::string_view kind() const override { return "dropout"; }
  [[nodiscard]] const Shape& output() const override { return shape_; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  // One byte a value: 1 where it was kept.
  [[nodiscard]] size_t WorkspaceBytes(int64_t rows) const override;
  [[nodiscard]] int64_t FlopsPerSample() const override { return shape_.elements(); }
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  float rate_;
  Shape shape_;
};

}  // namespace seve
