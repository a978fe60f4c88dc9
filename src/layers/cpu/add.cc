#include "layers/add.h"

#include "layers/cpu/row_blocks.h"

namespace seve {
namespace {

class BoundAdd : public BoundLayer {
 public:
  explicit BoundAdd(const LayerBinding& binding) : binding_(binding) {}

  void Forward(const StepContext& /*context*/) override {
    for (size_t i = 0; i < binding_.inputs.size(); ++i) {
      Move(binding_.inputs[i], binding_.output, i > 0);
    }
  }

  void Backward(const StepContext& /*context*/) override {
    for (size_t i = 0; i < binding_.inputs.size(); ++i) {
      if (!binding_.input_gradients[i].present()) continue;
      Move(binding_.output_gradient, binding_.input_gradients[i], binding_.add_input_gradient[i]);
    }
  }

 private:
  static void Move(const Tensor& from, const Tensor& to, bool add) {
    const int64_t count = to.elements();
    MoveRows({from.Flat<float>().data(), count}, {to.Flat<float>().data(), count}, 1, count, add);
  }

  LayerBinding binding_;
};

}  // namespace

std::unique_ptr<BoundLayer> Add::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundAdd>(binding);
}

}  // namespace seve
