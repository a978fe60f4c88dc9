#include "layers/add.h"

#include "layers/cpu/elementwise.h"
#include "layers/cpu/row_blocks.h"

namespace seve {
namespace {

// y = f(a + b).
void AddTwo(const Activation& activation, const float* __restrict a, const float* __restrict b,
            float* __restrict y, int64_t count) {
  DispatchActivation(activation, [=](auto f) {
    for (int64_t i = 0; i < count; ++i) y[i] = f.Value(a[i] + b[i]);
  });
}

class BoundAdd : public BoundLayer {
 public:
  BoundAdd(const Activation& activation, const LayerBinding& binding)
      : activation_(activation),
        binding_(binding),
        keeps_sums_(binding.training && SlopeNeedsInput(activation)) {}

  void Forward(const StepContext& /*context*/) override {
    const auto& x = binding_.inputs;
    float* y = Data(binding_.output);
    float* sums = keeps_sums_ ? Sums() : y;
    const bool at_once = x.size() == 2 && !keeps_sums_;
    AddTwo(at_once ? activation_ : Activation{}, Data(x[0]), Data(x[1]), sums, Count());
    for (size_t i = 2; i < x.size(); ++i) Move(Data(x[i]), sums, true);
    if (keeps_sums_) {
      ApplyActivation(activation_, sums, y, Count());
    } else if (!at_once && HasActivation()) {
      AddBiasAndActivate(activation_, nullptr, y, 1, Count());
    }
  }

  void Backward(const StepContext& /*context*/) override {
    for (size_t i = 0; i < binding_.inputs.size(); ++i) {
      const Tensor& gradient = binding_.input_gradients[i];
      if (!gradient.present()) continue;
      const float* dy = Data(binding_.output_gradient);
      const bool add = binding_.add_input_gradient[i];
      if (HasActivation()) {
        ActivationGradient(activation_, Sums(), Data(binding_.output), dy, Data(gradient), Count(),
                           add);
      } else {
        Move(dy, Data(gradient), add);
      }
    }
  }

 private:
  static float* Data(const Tensor& tensor) { return tensor.Flat<float>().data(); }
  [[nodiscard]] bool HasActivation() const { return activation_.kind != ActivationKind::kNone; }
  [[nodiscard]] int64_t Count() const { return binding_.output.elements(); }
  // The sums before the activation, kept for derivatives that need them.
  [[nodiscard]] float* Sums() const { return static_cast<float*>(binding_.workspace.memory()); }
  void Move(const float* from, float* to, bool add) const {
    MoveRows({from, Count()}, {to, Count()}, 1, Count(), add);
  }

  Activation activation_;
  LayerBinding binding_;
  bool keeps_sums_;
};

}  // namespace

std::unique_ptr<BoundLayer> Add::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundAdd>(activation_, binding);
}

}  // namespace seve
