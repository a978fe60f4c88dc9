// Multiclass hinge loss on class indices.
#pragma once

#include "layers/loss.h"

namespace seve {

// L = 1/m sum_{i != target} max(0, margin - s_target + s_i) over m scores (Weston & Watkins 1999,
// averaged over the scores). Where a term is exactly 0 its gradient is 0. Targets: (N) int32.
class Hinge : public Loss {
 public:
  explicit Hinge(float margin) : margin_(margin) {}

  [[nodiscard]] std::string_view kind() const override { return "hinge"; }
  [[nodiscard]] bool IsClassification() const override { return true; }
  // Run throws Error(kData) when a target is no index of a score.
  [[nodiscard]] std::unique_ptr<BoundLoss> BindCpu(const LossBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundCudaLoss> BindCuda(const LossBinding& binding,
                                                        const CudaScope& scope,
                                                        LossSums* sums) const override;

 private:
  float margin_;
};

}  // namespace seve
