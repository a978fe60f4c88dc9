#include "layers/prelu.h"

#include <algorithm>
#include <cmath>

#include "base/lane_sum.h"

namespace seve {
namespace {

// Slopes are spread over the elements of a sample, so that one loop serves every shape.
class BoundPRelu : public BoundLayer {
 public:
  BoundPRelu(int64_t share, int64_t elements, const LayerBinding& binding)
      : binding_(binding),
        elements_(elements),
        share_(share),
        slopes_(static_cast<size_t>(elements)),
        sums_(binding.training ? slopes_.size() : 0) {}

  void Forward(const StepContext& /*context*/) override {
    const auto slopes = binding_.parameters[0].Flat<float>();
    for (auto to = slopes_.begin(); to != slopes_.end();) {
      for (const float slope : slopes) to = std::fill_n(to, share_, slope);
    }
    const float* __restrict slope = slopes_.data();
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const float* __restrict x = Row(binding_.inputs[0], row);
      float* __restrict y = Row(binding_.output, row);
      for (int64_t i = 0; i < elements_; ++i) y[i] = x[i] > 0 ? x[i] : slope[i] * x[i];
    }
  }

  void Backward(const StepContext& context) override {
    if (binding_.input_gradients[0].present()) InputGradient();
    if (binding_.parameter_gradients[0].present()) SlopeGradient(context.accumulate);
  }

 private:
  [[nodiscard]] float* Row(const Tensor& tensor, int64_t row) const {
    return tensor.Flat<float>().data() + row * elements_;
  }

  void InputGradient() {
    const bool add = binding_.add_input_gradient[0];
    const float* __restrict slope = slopes_.data();
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const float* __restrict x = Row(binding_.inputs[0], row);
      const float* __restrict dy = Row(binding_.output_gradient, row);
      float* __restrict dx = Row(binding_.input_gradients[0], row);
      for (int64_t i = 0; i < elements_; ++i) {
        const float factor = x[i] > 0 ? 1.0f : slope[i];
        dx[i] = add ? std::fma(factor, dy[i], dx[i]) : factor * dy[i];
      }
    }
  }

  // da = sum of dy x over x <= 0.
  void SlopeGradient(bool accumulate) {
    std::ranges::fill(sums_, 0.0);
    double* __restrict sums = sums_.data();
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const float* __restrict x = Row(binding_.inputs[0], row);
      const float* __restrict dy = Row(binding_.output_gradient, row);
      for (int64_t i = 0; i < elements_; ++i) {
        const float term = x[i] > 0 ? 0.0f : dy[i] * x[i];
        sums[i] += static_cast<double>(term);
      }
    }
    const auto gradients = binding_.parameter_gradients[0].Flat<float>();
    const auto slopes = static_cast<int64_t>(gradients.size());
    // Values of one slope lie side by side, or one of each pixel.
    const int64_t stride = share_ == 1 ? slopes : 1;
    for (float& gradient : gradients) {
      const double sum = LaneSum(elements_ / slopes, [=](int64_t i) { return sums[i * stride]; });
      gradient = static_cast<float>(accumulate ? static_cast<double>(gradient) + sum : sum);
      sums += share_;
    }
  }

  LayerBinding binding_;
  int64_t elements_;           // of a sample
  int64_t share_;              // elements that have one slope, side by side
  std::vector<float> slopes_;  // of each element, as of the latest Forward
  std::vector<double> sums_;   // over the rows, for each element
};

}  // namespace

std::unique_ptr<BoundLayer> PRelu::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundPRelu>(Share(), shape_.elements(), binding);
}

}  // namespace seve
