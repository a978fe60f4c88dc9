#include "layers/cuda/bound_convolution.h"

#include "layers/cuda/bias_gradient.h"
#include "layers/cuda/convolution_passes.h"
#include "layers/cuda/elementwise.h"

namespace seve {
namespace {

class BoundConvolution : public BoundLayer {
 public:
  BoundConvolution(ConvolutionKind kind, const Conv2dOptions& options, const LayerBinding& binding,
                   const CudaScope& scope)
      : transposed_(kind == ConvolutionKind::kTransposed),
        activation_(options.activation),
        positions_(binding.rows *
                   Positions(transposed_ ? options.geometry.input : options.geometry.output)),
        binding_(binding),
        device_(scope.device),
        sums_(binding.output) {
    const bool slope_needs_sums = SlopeNeedsInput(activation_);
    if (binding.training && slope_needs_sums) {
      sums_ = Tensor(binding.workspace.memory(), ActivationType(scope.precision),
                     binding.output.shape());
    }
    known_ = slope_needs_sums ? sums_ : binding.output;
    const auto to_output =
        transposed_ ? ConvolutionPass::kInputGradient : ConvolutionPass::kForward;
    const auto to_input = transposed_ ? ConvolutionPass::kForward : ConvolutionPass::kInputGradient;
    forward_.emplace(to_output, options.geometry, binding.rows,
                     PassEnding{.activation = activation_, .bias = options.bias}, scope);
    if (!binding.training) return;
    if (binding.input_gradients[0].present()) {
      input_.emplace(to_input, options.geometry, binding.rows,
                     PassEnding{.add = binding.add_input_gradient[0]}, scope);
    }
    if (binding.parameter_gradients[0].present()) {
      weight_.emplace(options.geometry, binding.rows, scope);
    }
  }

  void Forward(const StepContext& /*context*/) override {
    forward_->Run(binding_.inputs[0], binding_.parameters[0], Bias(), sums_, binding_.output);
  }

  void Backward(const StepContext& context) override {
    const Tensor& x = binding_.inputs[0];
    const Tensor& dy = binding_.output_gradient;
    if (binding_.parameters.size() > 1 && binding_.parameter_gradients[1].present()) {
      SlopeAndBiasGradient(activation_, known_, dy, positions_, binding_.parameter_gradients[1],
                           context.accumulate, device_);
    } else if (activation_.kind != ActivationKind::kNone) {
      ActivationGradient(activation_, known_, dy, dy, false, device_.stream());
    }
    if (weight_) {
      weight_->Run(transposed_ ? dy : x, transposed_ ? x : dy, binding_.parameter_gradients[0],
                   context.accumulate);
    }
    if (input_) {
      const Tensor& dx = binding_.input_gradients[0];
      input_->Run(dy, binding_.parameters[0], Tensor(), dx, dx);
    }
  }

 private:
  static int64_t Positions(const Extent& extent) { return extent.height * extent.width; }

  [[nodiscard]] Tensor Bias() const {
    return binding_.parameters.size() > 1 ? binding_.parameters[1] : Tensor();
  }

  bool transposed_;
  Activation activation_;
  int64_t positions_;  // of all outputs: the rows of which the bias gradient is the column sums
  LayerBinding binding_;
  const CudaDevice& device_;
  Tensor sums_;   // before the activation: the workspace where the derivative needs them
  Tensor known_;  // what the derivative is computed from
  std::optional<PicturePass> forward_, input_;
  std::optional<WeightPass> weight_;
};

}  // namespace

std::unique_ptr<BoundLayer> BindConvolution(ConvolutionKind kind, const Conv2dOptions& options,
                                            const LayerBinding& binding, const CudaScope& scope) {
  return std::make_unique<BoundConvolution>(kind, options, binding, scope);
}

}  // namespace seve
