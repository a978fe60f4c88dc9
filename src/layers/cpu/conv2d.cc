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
        bias_sums_(binding.rows * options.geometry.output.height * options.geometry.output.width,
                   options.geometry.outputs) {
    const int64_t rows = binding.rows;
    if (rows == 0) return;
    forward_ = MakeConvolutionForward(options.geometry, rows,
                                      keeps_sums_ ? Activation() : options.activation, false);
    if (!binding.training) return;
    if (binding.parameter_gradients[0].present()) {
      weight_ = MakeConvolutionWeightGradient(options.geometry, rows);
    }
    if (binding.input_gradients[0].present()) {
      const bool add = binding.add_input_gradient[0];
      input_ = MakeConvolutionInputGradient(options.geometry, rows, add);
    }
  }

  void Forward(const StepContext& /*context*/) override {
    if (forward_ == nullptr) return;
    float* y = Data(binding_.output);
    float* sums = keeps_sums_ ? Sums() : y;
    forward_->Run(Data(binding_.inputs[0]), Data(binding_.parameters[0]), Bias(), sums);
    if (keeps_sums_) ApplyActivation(activation_, sums, y, binding_.output.elements());
  }

  void Backward(const StepContext& context) override {
    float* dy = Data(binding_.output_gradient);
    if (activation_.kind != ActivationKind::kNone) {
      ScaleBySlope(activation_, Sums(), Data(binding_.output), dy, binding_.output.elements());
    }
    if (HasBias() && binding_.parameter_gradients[1].present()) {
      bias_sums_.Run(dy, Data(binding_.parameter_gradients[1]), context.accumulate);
    }
    if (weight_ != nullptr) {
      weight_->Run(Data(binding_.inputs[0]), dy, Data(binding_.parameter_gradients[0]),
                   context.accumulate);
    } else if (binding_.rows == 0 && !context.accumulate) {
      std::ranges::fill(binding_.parameter_gradients[0].Flat<float>(), 0.0f);
    }
    if (input_ != nullptr) {
      input_->Run(dy, Data(binding_.parameters[0]), Data(binding_.input_gradients[0]));
    }
  }

 private:
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
  ChannelSums bias_sums_;
  std::unique_ptr<ConvolutionForward> forward_;        // none without rows
  std::unique_ptr<ConvolutionWeightGradient> weight_;  // those that are needed
  std::unique_ptr<ConvolutionInputGradient> input_;
};

}  // namespace

std::unique_ptr<BoundLayer> Conv2d::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundConv2d>(options_, binding);
}

}  // namespace seve
