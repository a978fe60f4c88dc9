// One value a channel.
#pragma once

#include "layers/layer.h"

namespace seve {

enum class Pooling { kAverage, kMax };

// (N, C, H, W) -> (N, C): the mean or the largest value of each channel, of equal ones the first;
// NaN is larger than any number.
class GlobalPool : public Layer {
 public:
  GlobalPool(Pooling pooling, const Shape& input)
      : pooling_(pooling), pixels_(input[1] * input[2]), output_({input[0]}) {}

  [[nodiscard]] std::string_view kind() const override { return "global_pool"; }
  [[nodiscard]] const Shape& output() const override { return output_; }
  [[nodiscard]] bool BackwardReadsInputs() const override { return false; }
  [[nodiscard]] bool BackwardReadsOutput() const override { return false; }
  // kMax: the pixel that each output is of.
  [[nodiscard]] size_t WorkspaceBytes(int64_t rows) const override {
    const int64_t kept = pooling_ == Pooling::kMax ? rows * output_[0] : 0;
    return static_cast<size_t>(kept) * sizeof(int32_t);
  }
  [[nodiscard]] int64_t FlopsPerSample() const override { return output_[0] * pixels_; }
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCpu(const LayerBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundLayer> BindCuda(const LayerBinding& binding,
                                                     const CudaScope& scope) const override;

 private:
  Pooling pooling_;
  int64_t pixels_;
  Shape output_;
};

}  // namespace seve
