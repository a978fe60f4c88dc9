// Softmax cross-entropy on class indices.
#pragma once

#include "layers/loss.h"

namespace seve {

// L = log sum_i exp(s_i) - sum_i t_i s_i with t_i = (1 - e) [i = target] + e/m over m scores, e
// being the label smoothing (Szegedy et al. 2016); computed relative to the largest score, so that
// no exponential overflows. Gradient: softmax(s)_i - t_i. Targets: (N) int32.
class CrossEntropy : public Loss {
 public:
  // label_smoothing: at least 0, below 1.
  explicit CrossEntropy(float label_smoothing = 0) : label_smoothing_(label_smoothing) {}

  [[nodiscard]] std::string_view kind() const override { return "cross_entropy"; }
  [[nodiscard]] bool IsClassification() const override { return true; }
  // Run throws Error(kData) when a target is no index of a score.
  [[nodiscard]] std::unique_ptr<BoundLoss> BindCpu(const LossBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundCudaLoss> BindCuda(const LossBinding& binding,
                                                        const CudaScope& scope,
                                                        LossSums* sums) const override;

 private:
  float label_smoothing_;
};

}  // namespace seve
