#include "layers/mean_squared_error.h"

#include "layers/cpu/scores.h"

namespace seve {
namespace {

int64_t OutputsOf(const Shape& scores) {
  int64_t outputs = 1;
  for (size_t axis = 1; axis < scores.rank(); ++axis) outputs *= scores[axis];
  return outputs;
}

class BoundMeanSquaredError : public BoundLoss {
 public:
  BoundMeanSquaredError(bool class_targets, const LossBinding& binding)
      : class_targets_(class_targets),
        binding_(binding),
        outputs_(OutputsOf(binding.scores.shape())) {}

  LossSums Run(const StepContext& context) override {
    LossSums sums = class_targets_ ? AgainstClasses(context) : AgainstValues();
    sums.weight = static_cast<double>(binding_.rows);
    sums.loss *= static_cast<double>(binding_.scale) / static_cast<double>(outputs_);
    return sums;
  }

 private:
  LossSums AgainstValues() {
    const float* scores = binding_.scores.Flat<float>().data();
    const float* values = binding_.target.Flat<float>().data();
    LossSums sums;
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const float* s = scores + row * outputs_;
      const float* t = values + row * outputs_;
      sums.loss += LaneSum(outputs_, [=](int64_t i) {
        const double difference = static_cast<double>(s[i]) - static_cast<double>(t[i]);
        return difference * difference;
      });
      WriteGradient(row, [=](int64_t i) { return s[i] - t[i]; });
    }
    return sums;
  }

  LossSums AgainstClasses(const StepContext& context) {
    const float* scores = binding_.scores.Flat<float>().data();
    const int32_t* targets = binding_.target.Flat<int32_t>().data();
    CheckTargets(targets, binding_.rows, outputs_, context);
    LossSums sums;
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const float* s = scores + row * outputs_;
      const int32_t target = targets[row];
      const auto difference = [=](int64_t i) { return s[i] - (i == target ? 1.0f : 0.0f); };
      const double loss = LaneSum(outputs_, [=](int64_t i) {
        const double d = static_cast<double>(s[i]) - (i == target ? 1.0 : 0.0);
        return d * d;
      });
      sums.loss += loss;
      if (!std::isnan(loss) && TargetIsFirstLargest(s, target, Largest(s, outputs_))) {
        sums.correct += 1;
      }
      WriteGradient(row, difference);
    }
    return sums;
  }

  // 2 scale/m (s - t), where a gradient is bound.
  template <typename Difference>
  void WriteGradient(int64_t row, Difference difference) {
    if (!binding_.scores_gradient.present()) return;
    const float factor = 2 * binding_.scale / static_cast<float>(outputs_);
    float* gradient = binding_.scores_gradient.Flat<float>().data() + row * outputs_;
    for (int64_t i = 0; i < outputs_; ++i) {
      const float own = factor * difference(i);
      gradient[i] = binding_.add_gradient ? gradient[i] + own : own;
    }
  }

  bool class_targets_;
  LossBinding binding_;
  int64_t outputs_;
};

}  // namespace

std::unique_ptr<BoundLoss> MeanSquaredError::BindCpu(const LossBinding& binding) const {
  return std::make_unique<BoundMeanSquaredError>(class_targets_, binding);
}

}  // namespace seve
