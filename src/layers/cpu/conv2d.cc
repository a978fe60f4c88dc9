#include "layers/conv2d.h"

#include <algorithm>

#include "layers/cpu/channel_sums.h"
#include "layers/cpu/convolution.h"
#include "layers/cpu/elementwise.h"

namespace seve {
namespace {

class BoundConv2d : public BoundLayer {
 public:
  BoundConv2d(const Conv2dOptions& options, const LayerBinding& binding)
      : activation_(options.activation),
        binding_(binding),
        keeps_sums_(binding.training && SlopeNeedsInput(options.activation)),
        rows_(binding.rows == 0 ? 0 : ConvolutionRows(options.geometry, binding.rows)),
        gradient_rows_(binding.rows == 0 ? 0 : WeightGradientRows(options.geometry, binding.rows)),
        bias_sums_(gradient_rows_ * options.geometry.output.height * options.geometry.output.width,
                   options.geometry.outputs) {
    if (binding.rows == 0) return;
    forward_ = MakeConvolutionForward(options.geometry, rows_,
                                      keeps_sums_ ? Activation() : options.activation, false);
    if (!binding.training) return;
    if (binding.parameter_gradients[0].present()) {
      weight_ = MakeConvolutionWeightGradient(options.geometry, gradient_rows_);
    }
    if (binding.input_gradients[0].present()) {
      const bool add = binding.add_input_gradient[0];
      input_ = MakeConvolutionInputGradient(options.geometry, rows_, add);
    }
  }

  void Forward(const StepContext& /*context*/) override {
    if (forward_ == nullptr) return;
    const float* x = Data(binding_.inputs[0]);
    float* y = Data(binding_.output);
    float* sums = keeps_sums_ ? Sums() : y;
    forward_->SetWeights(Data(binding_.parameters[0]), Bias());
    for (int64_t row = 0; row < binding_.rows; row += rows_) {
      forward_->Run(x + InputValues(row), sums + OutputValues(row));
      if (follower_ != nullptr) follower_->See(row, rows_);
    }
    if (keeps_sums_) ApplyActivation(activation_, sums, y, binding_.output.elements());
  }

  void Backward(const StepContext& context) override {
    if (binding_.rows == 0 && !context.accumulate) return NoRows();
    if (input_ != nullptr) input_->SetWeights(Data(binding_.parameters[0]));
    for (int64_t row = 0; row < binding_.rows; row += gradient_rows_) {
      BackwardRows(row, context.accumulate || row > 0);
    }
    if (weight_ != nullptr) {
      weight_->Store(Data(binding_.parameter_gradients[0]), context.accumulate);
    }
  }

  void TakeFollower(Follower* follower) override {
    follower_ = follower;
    follower_->Prepare(gradient_rows_);
  }

 private:
  // Of gradient_rows_ samples from `first` on.
  void BackwardRows(int64_t first, bool accumulate) {
    const float* dy =
        follower_ != nullptr ? follower_->Gradient(first, gradient_rows_) : OutputGradient(first);
    if (HasBias() && binding_.parameter_gradients[1].present()) {
      bias_sums_.Run(dy, Data(binding_.parameter_gradients[1]), accumulate);
    }
    if (weight_ != nullptr) {
      weight_->Add(Data(binding_.inputs[0]) + InputValues(first), dy, first == 0);
    }
    if (input_ == nullptr) return;
    float* dx = Data(binding_.input_gradients[0]) + InputValues(first);
    for (int64_t row = 0; row < gradient_rows_; row += rows_) {
      input_->Run(dy + OutputValues(row), dx + InputValues(row));
    }
  }

  const float* OutputGradient(int64_t first) {
    const int64_t at = OutputValues(first);
    float* dy = Data(binding_.output_gradient) + at;
    if (activation_.kind != ActivationKind::kNone) {
      ScaleBySlope(activation_, keeps_sums_ ? Sums() + at : nullptr, Data(binding_.output) + at, dy,
                   OutputValues(gradient_rows_));
    }
    return dy;
  }

  void NoRows() const {
    for (const Tensor& gradient : binding_.parameter_gradients) {
      if (gradient.present()) std::ranges::fill(gradient.Flat<float>(), 0.0f);
    }
  }

  // Of so many samples.
  [[nodiscard]] int64_t InputValues(int64_t rows) const {
    return rows * (binding_.inputs[0].elements() / binding_.rows);
  }
  [[nodiscard]] int64_t OutputValues(int64_t rows) const {
    return rows * (binding_.output.elements() / binding_.rows);
  }
  static float* Data(const Tensor& tensor) { return tensor.Flat<float>().data(); }
  [[nodiscard]] bool HasBias() const { return binding_.parameters.size() > 1; }
  [[nodiscard]] const float* Bias() const {
    return HasBias() ? Data(binding_.parameters[1]) : nullptr;
  }
  // x * W + b, kept for the derivative of activations that need it.
  [[nodiscard]] float* Sums() const { return static_cast<float*>(binding_.workspace.memory()); }

  Activation activation_;
  LayerBinding binding_;
  bool keeps_sums_;
  int64_t rows_, gradient_rows_;  // at a time
  ChannelSums bias_sums_;
  std::unique_ptr<ConvolutionForward> forward_;        // none without rows
  std::unique_ptr<ConvolutionWeightGradient> weight_;  // those that are needed
  std::unique_ptr<ConvolutionInputGradient> input_;
  Follower* follower_ = nullptr;
};

}  // namespace

std::unique_ptr<BoundLayer> Conv2d::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundConv2d>(options_, binding);
}

}  // namespace seve
