#include "layers/conv_transpose2d.h"

#include <algorithm>

#include "layers/cpu/channel_sums.h"
#include "layers/cpu/convolution.h"
#include "layers/cpu/elementwise.h"

namespace seve {
namespace {

// Of the convolution with that geometry, x is the output and y the input.
class BoundConvTranspose2d : public BoundLayer {
 public:
  BoundConvTranspose2d(const Conv2dOptions& options, const LayerBinding& binding)
      : activation_(options.activation),
        binding_(binding),
        channels_(options.geometry.inputs),
        pixels_(binding.rows * options.geometry.input.height * options.geometry.input.width),
        keeps_sums_(binding.training && SlopeNeedsInput(options.activation)),
        bias_sums_(pixels_, channels_) {
    const int64_t rows = binding.rows;
    if (rows == 0) return;
    rows_together_ = ConvolutionRows(options.geometry, rows);
    forward_ = MakeConvolutionInputGradient(options.geometry, rows_together_, false);
    if (!binding.training) return;
    if (binding.parameter_gradients[0].present()) {
      weight_ = MakeConvolutionWeightGradient(options.geometry, rows);
    }
    if (binding.input_gradients[0].present()) {
      const bool add = binding.add_input_gradient[0];
      input_ = MakeConvolutionForward(options.geometry, rows_together_, {}, add);
    }
  }

  void Forward(const StepContext& /*context*/) override {
    if (forward_ == nullptr) return;
    float* y = Data(binding_.output);
    float* sums = keeps_sums_ ? Sums() : y;
    forward_->SetWeights(Data(binding_.parameters[0]));
    ForEachPiece(
        [&](int64_t x, int64_t y) { forward_->Run(Data(binding_.inputs[0]) + x, sums + y); });
    if (keeps_sums_) {
      if (HasBias()) AddBiasAndActivate({}, Bias(), sums, pixels_, channels_);
      ApplyActivation(activation_, sums, y, binding_.output.elements());
    } else if (HasBias() || HasActivation()) {
      AddBiasAndActivate(activation_, Bias(), y, pixels_, channels_);
    }
  }

  void Backward(const StepContext& context) override {
    float* dy = Data(binding_.output_gradient);
    if (HasActivation()) {
      ScaleBySlope(activation_, Sums(), Data(binding_.output), dy, binding_.output.elements());
    }
    if (HasBias() && binding_.parameter_gradients[1].present()) {
      bias_sums_.Run(dy, Data(binding_.parameter_gradients[1]), context.accumulate);
    }
    if (weight_ != nullptr) {
      weight_->Add(dy, Data(binding_.inputs[0]), true);
      weight_->Store(Data(binding_.parameter_gradients[0]), context.accumulate);
    } else if (binding_.rows == 0 && !context.accumulate &&
               binding_.parameter_gradients[0].present()) {
      std::ranges::fill(binding_.parameter_gradients[0].Flat<float>(), 0.0f);
    }
    if (input_ != nullptr) {
      input_->SetWeights(Data(binding_.parameters[0]), nullptr);
      ForEachPiece([&](int64_t x, int64_t y) {
        input_->Run(dy + y, Data(binding_.input_gradients[0]) + x);
      });
    }
  }

 private:
  // Calls body(first value of x, first value of y) for a few samples at a time.
  template <typename Body>
  void ForEachPiece(Body body) const {
    const int64_t x = binding_.inputs[0].elements() / binding_.rows;
    const int64_t y = binding_.output.elements() / binding_.rows;
    for (int64_t row = 0; row < binding_.rows; row += rows_together_) body(row * x, row * y);
  }
  static float* Data(const Tensor& tensor) { return tensor.Flat<float>().data(); }
  [[nodiscard]] bool HasActivation() const { return activation_.kind != ActivationKind::kNone; }
  [[nodiscard]] bool HasBias() const { return binding_.parameters.size() > 1; }
  [[nodiscard]] const float* Bias() const {
    return HasBias() ? Data(binding_.parameters[1]) : nullptr;
  }
  // x *^T W + b, kept for the derivative of activations that need it.
  [[nodiscard]] float* Sums() const { return static_cast<float*>(binding_.workspace.memory()); }

  Activation activation_;
  LayerBinding binding_;
  int64_t channels_;
  int64_t pixels_;
  bool keeps_sums_;
  int64_t rows_together_ = 1;
  ChannelSums bias_sums_;
  std::unique_ptr<ConvolutionInputGradient> forward_;  // none without rows
  std::unique_ptr<ConvolutionWeightGradient> weight_;  // those that are needed
  std::unique_ptr<ConvolutionForward> input_;
};

}  // namespace

std::unique_ptr<BoundLayer> ConvTranspose2d::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundConvTranspose2d>(options_, binding);
}

}  // namespace seve
