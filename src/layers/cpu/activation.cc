#include "layers/activation.h"

#include "layers/cpu/elementwise.h"

namespace seve {
namespace {

class BoundActivation : public BoundLayer {
 public:
  BoundActivation(const Activation& activation, const LayerBinding& binding)
      : activation_(activation), binding_(binding) {}

  void Forward(const StepContext& /*context*/) override {
    const auto x = binding_.inputs[0].Flat<float>();
    ApplyActivation(activation_, x.data(), binding_.output.Flat<float>().data(), Count());
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dx = binding_.input_gradients[0];
    if (!dx.present()) return;
    const auto x = binding_.inputs[0].Flat<float>();
    const auto y = binding_.output.Flat<float>();
    ActivationGradient(activation_, x.data(), y.data(),
                       binding_.output_gradient.Flat<float>().data(), dx.Flat<float>().data(),
                       Count(), binding_.add_input_gradient[0]);
  }

 private:
  [[nodiscard]] int64_t Count() const { return binding_.output.elements(); }

  Activation activation_;
  LayerBinding binding_;
};

}  // namespace

std::unique_ptr<BoundLayer> ActivationLayer::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundActivation>(activation_, binding);
}

}  // namespace seve
