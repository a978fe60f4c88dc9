// RMSprop (Tieleman & Hinton 2012), as PyTorch.
#pragma once

#include "optim/optimizer.h"

namespace seve {

struct RmsPropOptions {
  double alpha = 0.99;
  double epsilon = 1e-8;
  float momentum = 0;
  float weight_decay = 0;
};

// g += weight_decay w; s = alpha s + (1 - alpha) g^2; d = g / (sqrt(s) + epsilon). Without momentum
// w -= learning_rate d; with it v = momentum v + d, w -= learning_rate v.
class RmsProp : public Optimizer {
 public:
  explicit RmsProp(const RmsPropOptions& options) : options_(options) {}

  [[nodiscard]] std::string_view kind() const override { return "rmsprop"; }
  [[nodiscard]] std::vector<std::string> StateNames() const override;
  [[nodiscard]] float weight_decay() const override { return options_.weight_decay; }
  [[nodiscard]] bool UpdateCpu(const SliceUpdate& slice) const override;
  void UpdateCuda(const CudaSliceUpdate& slice, const CudaDevice& device) const override;

 private:
  RmsPropOptions options_;
};

}  // namespace seve
