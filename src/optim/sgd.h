// Stochastic gradient descent with momentum, as PyTorch.
#pragma once

#include "optim/optimizer.h"

namespace seve {

struct SgdOptions {
  float momentum = 0;
  bool nesterov = false;  // Nesterov's momentum in the form of Sutskever et al. 2013
  float weight_decay = 0;
};

// g += weight_decay w; v = momentum v + g; w -= learning_rate (nesterov ? g + momentum v : v).
// Without momentum there is no v. PyTorch's first step, v = g, is the same with v zero at first.
class Sgd : public Optimizer {
 public:
  explicit Sgd(const SgdOptions& options) : options_(options) {}

  [[nodiscard]] std::string_view kind() const override { return "sgd"; }
  [[nodiscard]] std::vector<std::string> StateNames() const override;
  [[nodiscard]] float weight_decay() const override { return options_.weight_decay; }
  [[nodiscard]] bool UpdateCpu(const SliceUpdate& slice) const override;
  void UpdateCuda(const CudaSliceUpdate& slice, const CudaDevice& device) const override;

 private:
  SgdOptions options_;
};

}  // namespace seve
