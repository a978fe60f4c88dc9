#include <optional>

#include "layers/cuda/bias_gradient.h"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/elementwise.h"
#include "layers/cuda/gemm.h"
#include "layers/linear.h"

namespace seve {
namespace {

class BoundLinear : public BoundLayer {
 public:
  BoundLinear(const LinearOptions& options, const LayerBinding& binding, const CudaScope& scope)
      : activation_(options.activation),
        binding_(binding),
        device_(scope.device),
        sums_(binding.output) {
    const DType type = ActivationType(scope.precision);
    const bool slope_needs_sums = SlopeNeedsInput(activation_);
    if (binding.training && slope_needs_sums) {
      sums_ = Tensor(binding.workspace.memory(), type, binding.output.shape());
    }
    known_ = slope_needs_sums ? sums_ : binding.output;
    CudaGemmSpec product = {.m = binding.rows,
                            .n = options.units,
                            .k = options.inputs,
                            .transpose_a = false,
                            .transpose_b = true,
                            .precision = scope.precision,
                            .output = type,
                            .bias = options.bias ? binding.parameters[1].memory() : nullptr};
    forward_.emplace(product, device_);
    if (!binding.training) return;
    product.bias = nullptr;
    product.transpose_b = false;
    if (binding.input_gradients[0].present()) {
      std::swap(product.n, product.k);
      input_.emplace(product, device_);
    }
    if (binding.parameter_gradients[0].present()) {
      weight_.emplace(CudaGemmSpec{.m = options.units,
                                   .n = options.inputs,
                                   .k = binding.rows,
                                   .transpose_a = true,
                                   .transpose_b = false,
                                   .precision = scope.precision,
                                   .output = DType::kFloat32,
                                   .bias = nullptr},
                      device_);
    }
  }

  void Forward(const StepContext& /*context*/) override {
    forward_->Run(binding_.inputs[0].memory(), binding_.parameters[0].memory(), sums_.memory());
    if (HasActivation()) {
      ApplyActivation(activation_, sums_, binding_.output, device_.stream());
    }
  }

  void Backward(const StepContext& context) override {
    const Tensor& dy = binding_.output_gradient;
    if (binding_.parameters.size() > 1 && binding_.parameter_gradients[1].present()) {
      SlopeAndBiasGradient(activation_, known_, dy, binding_.rows, binding_.parameter_gradients[1],
                           context.accumulate, device_);
    } else if (HasActivation()) {
      ActivationGradient(activation_, known_, dy, dy, false, device_.stream());
    }
    if (weight_) {
      weight_->Run(dy.memory(), binding_.inputs[0].memory(),
                   binding_.parameter_gradients[0].memory(), context.accumulate);
    }
    if (input_) {
      input_->Run(dy.memory(), binding_.parameters[0].memory(),
                  binding_.input_gradients[0].memory(), binding_.add_input_gradient[0]);
    }
  }

 private:
  [[nodiscard]] bool HasActivation() const { return activation_.kind != ActivationKind::kNone; }

  Activation activation_;
  LayerBinding binding_;
  const CudaDevice& device_;
  Tensor sums_;   // x W^T + b: the workspace where the derivative needs them, otherwise the output
  Tensor known_;  // what the derivative is computed from
  std::optional<CudaGemm> forward_;  // sums = x W^T + b
  std::optional<CudaGemm> weight_;   // dW = dy^T x
  std::optional<CudaGemm> input_;    // dx = dy W
};

}  // namespace

std::unique_ptr<BoundLayer> Linear::BindCuda(const LayerBinding& binding,
                                             const CudaScope& scope) const {
  return std::make_unique<BoundLinear>(options_, binding, scope);
}

}  // namespace seve
