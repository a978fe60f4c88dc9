#include "layers/linear.h"

#include "layers/cpu/column_sums.h"
#include "layers/cpu/elementwise.h"
#include "layers/cpu/gemm.h"

namespace seve {
namespace {

class BoundLinear : public BoundLayer {
 public:
  BoundLinear(const LinearOptions& options, const LayerBinding& binding)
      : activation_(options.activation),
        binding_(binding),
        inputs_(options.inputs),
        units_(options.units),
        keeps_sums_(binding.training && SlopeNeedsInput(options.activation)) {
    const int64_t rows = binding.rows;
    forward_ = MakeGemm({.m = rows, .n = units_, .k = inputs_, .transpose_b = true});
    if (!binding.training) return;
    if (binding.parameter_gradients[0].present()) {
      weight_ = MakeGemm({.m = units_, .n = inputs_, .k = rows, .transpose_a = true});
      weight_add_ =
          MakeGemm({.m = units_, .n = inputs_, .k = rows, .transpose_a = true, .accumulate = true});
    }
    if (binding.input_gradients[0].present()) {
      const bool add = binding.add_input_gradient[0];
      input_ = MakeGemm({.m = rows, .n = inputs_, .k = units_, .accumulate = add});
    }
  }

  void Forward(const StepContext& /*context*/) override {
    float* y = Data(binding_.output);
    float* sums = keeps_sums_ ? Sums() : y;
    forward_->Run(Data(binding_.inputs[0]), Data(binding_.parameters[0]), sums);
    if (keeps_sums_) {
      if (HasBias()) AddBiasAndActivate({}, Bias(), sums, binding_.rows, units_);
      ApplyActivation(activation_, sums, y, binding_.rows * units_);
    } else if (HasBias() || HasActivation()) {
      AddBiasAndActivate(activation_, Bias(), y, binding_.rows, units_);
    }
  }

  void Backward(const StepContext& context) override {
    float* dy = Data(binding_.output_gradient);
    if (HasActivation()) {
      ScaleBySlope(activation_, Sums(), Data(binding_.output), dy, binding_.rows * units_);
    }
    if (HasBias() && binding_.parameter_gradients[1].present()) {
      ColumnSums(dy, binding_.rows, units_, Data(binding_.parameter_gradients[1]),
                 context.accumulate);
    }
    if (weight_ != nullptr) {
      Gemm& product = context.accumulate ? *weight_add_ : *weight_;
      product.Run(dy, Data(binding_.inputs[0]), Data(binding_.parameter_gradients[0]));
    }
    if (input_ != nullptr) {
      input_->Run(dy, Data(binding_.parameters[0]), Data(binding_.input_gradients[0]));
    }
  }

 private:
  static float* Data(const Tensor& tensor) { return tensor.Flat<float>().data(); }
  [[nodiscard]] bool HasActivation() const { return activation_.kind != ActivationKind::kNone; }
  [[nodiscard]] bool HasBias() const { return binding_.parameters.size() > 1; }
  [[nodiscard]] const float* Bias() const {
    return HasBias() ? Data(binding_.parameters[1]) : nullptr;
  }
  // x W^T + b, kept for the derivative of activations that need it.
  [[nodiscard]] float* Sums() const { return static_cast<float*>(binding_.workspace.memory()); }

  Activation activation_;
  LayerBinding binding_;
  int64_t inputs_;
  int64_t units_;
  bool keeps_sums_;
  std::unique_ptr<Gemm> forward_;     // y = x W^T
  std::unique_ptr<Gemm> weight_;      // dW = dy^T x
  std::unique_ptr<Gemm> weight_add_;  // dW += dy^T x
  std::unique_ptr<Gemm> input_;       // dx = dy W
};

}  // namespace

std::unique_ptr<BoundLayer> Linear::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundLinear>(options_, binding);
}

}  // namespace seve
