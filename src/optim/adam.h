// Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), as PyTorch.
#pragma once

#include "optim/optimizer.h"

namespace seve {

struct AdamOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  float weight_decay = 0;
  bool decoupled = false;  // AdamW: decay multiplies the parameter instead of entering the gradient
};

// Adam: g += weight_decay w; AdamW: w -= learning_rate weight_decay w. Then m = beta1 m + (1 -
// beta1) g, v = beta2 v + (1 - beta2) g^2 and, at step t, w -= learning_rate / (1 - beta1^t) m /
// (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
class Adam : public Optimizer {
 public:
  explicit Adam(const AdamOptions& options) : options_(options) {}

  [[nodiscard]] std::string_view kind() const override {
    return options_.decoupled ? "adamw" : "adam";
  }
  [[nodiscard]] std::vector<std::string> StateNames() const override {
    return {"exp_avg", "exp_avg_sq"};
  }
  [[nodiscard]] float weight_decay() const override { return options_.weight_decay; }
  [[nodiscard]] bool UpdateCpu(const SliceUpdate& slice) const override;
  void UpdateCuda(const CudaSliceUpdate& slice, const CudaDevice& device) const override;

 private:
  AdamOptions options_;
};

}  // namespace seve
