#include "layers/activation.h"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/elementwise.h"

namespace seve {
namespace {

class BoundActivation : public BoundLayer {
 public:
  BoundActivation(const Activation& activation, const LayerBinding& binding, cudaStream_t stream)
      : activation_(activation), binding_(binding), stream_(stream) {}

  void Forward(const StepContext& /*context*/) override {
    ApplyActivation(activation_, binding_.inputs[0], binding_.output, stream_);
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dx = binding_.input_gradients[0];
    if (!dx.present()) return;
    const Tensor& known = SlopeNeedsInput(activation_) ? binding_.inputs[0] : binding_.output;
    ActivationGradient(activation_, known, binding_.output_gradient, dx,
                       binding_.add_input_gradient[0], stream_);
  }

 private:
  Activation activation_;
  LayerBinding binding_;
  cudaStream_t stream_;
};

}  // namespace

std::unique_ptr<BoundLayer> ActivationLayer::BindCuda(const LayerBinding& binding,
                                                      const CudaScope& scope) const {
  return std::make_unique<BoundActivation>(activation_, binding, scope.device.stream());
}

}  // namespace seve
