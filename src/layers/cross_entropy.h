// Softmax cross-entropy on class indices.
#pragma once

#include "layers/loss.h"

namespace seve {

// L = log sum_i exp(s_i) - s_target, computed relative to the largest score, so that no exponential
// overflows. Gradient: softmax(s)_i - [i = target]. Targets: (N) int32.
class CrossEntropy : public Loss {
 public:
  [[nodiscard]] std::string_view kind() const override { return "cross_entropy"; }
  [[nodiscard]] bool IsClassification() const override { return true; }
  // Run throws Error(kData) when a target is no index of a score.
  [[nodiscard]] std::unique_ptr<BoundLoss> BindCpu(const LossBinding& binding) const override;
};

}  // namespace seve
