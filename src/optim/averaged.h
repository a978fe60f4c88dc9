// Any optimizer, with an exponential moving average of the parameters as one state more.
#pragma once

#include <memory>

#include "optim/optimizer.h"

namespace seve {

inline constexpr const char* kAverageState = "average";

// average = d average + (1 - d) parameter after every update, d = min(decay, (1 + step) / (10 +
// step)); after the first one the parameter itself.
class Averaged : public Optimizer {
 public:
  Averaged(std::unique_ptr<Optimizer> rule, float decay) : rule_(std::move(rule)), decay_(decay) {}

  [[nodiscard]] std::string_view kind() const override { return rule_->kind(); }
  // Those of the rule, then kAverageState.
  [[nodiscard]] std::vector<std::string> StateNames() const override;
  [[nodiscard]] float weight_decay() const override { return rule_->weight_decay(); }
  [[nodiscard]] bool UpdateCpu(const SliceUpdate& slice) const override;
  void UpdateCuda(const CudaSliceUpdate& slice, const CudaDevice& device) const override;

 private:
  std::unique_ptr<Optimizer> rule_;
  float decay_;
};

}  // namespace seve
