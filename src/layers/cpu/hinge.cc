#include "layers/hinge.h"

#include "layers/cpu/scores.h"

namespace seve {
namespace {

class BoundHinge : public BoundLoss {
 public:
  BoundHinge(float margin, const LossBinding& binding)
      : margin_(margin), binding_(binding), classes_(binding.scores.shape()[1]) {}

  LossSums Run(const StepContext& context) override {
    const float* scores = binding_.scores.Flat<float>().data();
    const int32_t* targets = binding_.target.Flat<int32_t>().data();
    CheckTargets(targets, binding_.rows, classes_, context);
    LossSums sums;
    sums.weight = static_cast<double>(binding_.rows);
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const float* s = scores + row * classes_;
      const double loss = RowLoss(s, targets[row]);
      sums.loss += loss;
      if (!std::isnan(loss) && TargetIsFirstLargest(s, targets[row], Largest(s, classes_))) {
        sums.correct += 1;
      }
      if (binding_.scores_gradient.present()) WriteGradient(row, s, targets[row]);
    }
    sums.loss *= static_cast<double>(binding_.scale) / static_cast<double>(classes_);
    return sums;
  }

 private:
  // max(0, margin - s_target + s_i) summed over i != target; NaN when some score is.
  double RowLoss(const float* s, int32_t target) const {
    const float offset = margin_ - s[target];
    const double all = LaneSum(classes_, [=](int64_t i) {
      const float violation = offset + s[i];
      return violation < 0 ? 0.0f : violation;
    });
    const float own = offset + s[target];  // what the sum took for the target itself
    return all - static_cast<double>(own < 0 ? 0.0f : own);
  }

  // scale/m for every i that violates the margin, -scale/m times their number for the target.
  void WriteGradient(int64_t row, const float* __restrict s, int32_t target) {
    const float unit = binding_.scale / static_cast<float>(classes_);
    const float offset = margin_ - s[target];
    float* __restrict gradient = binding_.scores_gradient.Flat<float>().data() + row * classes_;
    const float kept = binding_.add_gradient ? gradient[target] : 0.0f;
    int violations = offset + s[target] > 0 ? -1 : 0;
    for (int64_t i = 0; i < classes_; ++i) {
      const bool violates = offset + s[i] > 0;
      violations += violates ? 1 : 0;
      const float own = violates ? unit : 0.0f;
      gradient[i] = binding_.add_gradient ? gradient[i] + own : own;
    }
    gradient[target] = kept - unit * static_cast<float>(violations);
  }

  float margin_;
  LossBinding binding_;
  int64_t classes_;
};

}  // namespace

std::unique_ptr<BoundLoss> Hinge::BindCpu(const LossBinding& binding) const {
  return std::make_unique<BoundHinge>(margin_, binding);
}

}  // namespace seve
