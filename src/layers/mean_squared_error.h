// Mean squared error, against values or against one-hot rows.
#pragma once

#include "layers/loss.h"

namespace seve {

// L = 1/m sum_i (s_i - t_i)^2 over m outputs. Targets: (N, ...) float32, m values a sample in
// any shape that lies alike in memory, or (N) int32 class indices standing for one-hot rows.
class MeanSquaredError : public Loss {
 public:
  explicit MeanSquaredError(bool class_targets) : class_targets_(class_targets) {}

  [[nodiscard]] std::string_view kind() const override { return "mean_squared_error"; }
  [[nodiscard]] bool IsClassification() const override { return class_targets_; }
  // Run throws Error(kData) when a class index is no index of an output.
  [[nodiscard]] std::unique_ptr<BoundLoss> BindCpu(const LossBinding& binding) const override;
  [[nodiscard]] std::unique_ptr<BoundCudaLoss> BindCuda(const LossBinding& binding,
                                                        const CudaScope& scope,
                                                        LossSums* sums) const override;

 private:
  bool class_targets_;
};

}  // namespace seve
