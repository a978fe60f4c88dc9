// Dropout (Srivastava et al. 2014), with masks that depend on the sample and not on who computes
// it.
#pragma once

#include "layers/layer.h"

namespace seve {

// How the draws of a sample stand for its values: value i has draw i / share % draws.
struct SampleDraws {
  int64_t elements = 1, draws = 1, share = 1;
};

// Training: each value is 0 with probability `rate` and divided by 1 - rate otherwise. Evaluation:
// y = x. Element e, as it lies in memory, of the sample at position p is dropped where the uniform
// draw e mod 4 of Philox(seed, kDropout, name)(epoch, p mod 2^32, p / 2^32, e / 4) is below the
// rate. With `per_channel` e counts channels, the entries of a sample's first axis (Tompson et al.
// 2015).
class Dropout : public Layer {
 public:
  // rate: 0 to 1.
  Dropout(float rate, Shape shape, bool per_channel = false);

  [[nodiscard]] std::string_view kind() const override { return "dropout"; }
  [[nodiscard]] const Shape& output() const override { return shape_; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  // One byte a draw: 1 where what it stands for was kept.
  [[nodiscard]] size_t WorkspaceBytes(int64_t rows) const override;
  [[nodiscard]] int64_t FlopsPerSample() const override { return shape_.elements(); }
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  [[nodiscard]] SampleDraws DrawsOfSample() const;

  float rate_;
  Shape shape_;
  bool per_channel_;
};

}  // namespace seve
