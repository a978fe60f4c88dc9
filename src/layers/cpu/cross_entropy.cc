#include "layers/cross_entropy.h"

#include <vector>

#include "layers/cpu/scores.h"
#include "layers/elementary_functions.h"

namespace seve {
namespace {

class BoundCrossEntropy : public BoundLoss {
 public:
  BoundCrossEntropy(float label_smoothing, const LossBinding& binding)
      : smoothing_(label_smoothing),
        binding_(binding),
        classes_(binding.scores.shape()[1]),
        largest_(Rows()) {
    const bool overwrites = binding.scores_gradient.present() && !binding.add_gradient;
    if (!overwrites) scratch_.resize(static_cast<size_t>(binding.rows * classes_));
  }

  LossSums Run(const StepContext& context) override {
    const float* scores = binding_.scores.Flat<float>().data();
    const int32_t* targets = binding_.target.Flat<int32_t>().data();
    CheckTargets(targets, binding_.rows, classes_, context);
    float* exponentials =
        scratch_.empty() ? binding_.scores_gradient.Flat<float>().data() : scratch_.data();
    Exponentials(scores, exponentials);

    LossSums sums;
    sums.weight = static_cast<double>(binding_.rows);
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const float* s = scores + row * classes_;
      float* e = exponentials + row * classes_;
      const float largest = largest_[static_cast<size_t>(row)];
      const double sum = LaneSum(classes_, [e](int64_t i) { return e[i]; });
      const double loss =
          std::log(sum) + static_cast<double>(largest) - TargetScore(s, targets[row]);
      sums.loss += loss;
      if (!std::isnan(loss) && TargetIsFirstLargest(s, targets[row], largest)) sums.correct += 1;
      if (binding_.scores_gradient.present()) WriteGradient(row, e, targets[row], sum);
    }
    sums.loss *= static_cast<double>(binding_.scale);
    return sums;
  }

 private:
  [[nodiscard]] size_t Rows() const { return static_cast<size_t>(binding_.rows); }

  // exp(s - largest of the row), in one long pass over all rows.
  void Exponentials(const float* __restrict scores, float* __restrict exponentials) {
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const float* s = scores + row * classes_;
      float* shifted = exponentials + row * classes_;
      const float largest = Largest(s, classes_);
      largest_[static_cast<size_t>(row)] = largest;
      for (int64_t i = 0; i < classes_; ++i) shifted[i] = s[i] - largest;
    }
    const int64_t count = binding_.rows * classes_;
    for (int64_t i = 0; i < count; ++i) exponentials[i] = elementary::Exp(exponentials[i]);
  }

  // sum_i t_i s_i.
  double TargetScore(const float* s, int32_t target) const {
    const auto own = static_cast<double>(s[target]);
    if (smoothing_ == 0) return own;
    const double mean =
        LaneSum(classes_, [s](int64_t i) { return s[i]; }) / static_cast<double>(classes_);
    return (1 - smoothing_) * own + smoothing_ * mean;
  }

  // scale (e / sum - t_i); e may be the gradient's own memory.
  void WriteGradient(int64_t row, float* e, int32_t target, double sum) {
    const auto scale = static_cast<double>(binding_.scale);
    const auto factor = static_cast<float>(scale / sum);
    const auto each = static_cast<float>(scale * smoothing_ / static_cast<double>(classes_));
    for (int64_t i = 0; i < classes_; ++i) e[i] = e[i] * factor - each;
    e[target] -= static_cast<float>(scale * (1 - smoothing_));
    if (scratch_.empty()) return;
    float* gradient = binding_.scores_gradient.Flat<float>().data() + row * classes_;
    for (int64_t i = 0; i < classes_; ++i) gradient[i] += e[i];
  }

  double smoothing_;
  LossBinding binding_;
  int64_t classes_;
  std::vector<float> largest_;  // (N)
  std::vector<float> scratch_;  // (N, classes); empty where the gradient's memory serves
};

}  // namespace

std::unique_ptr<BoundLoss> CrossEntropy::BindCpu(const LossBinding& binding) const {
  return std::make_unique<BoundCrossEntropy>(label_smoothing_, binding);
}

}  // namespace seve
