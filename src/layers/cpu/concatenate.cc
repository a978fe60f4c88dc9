#include "layers/concatenate.h"

#include "layers/cpu/row_blocks.h"

namespace seve {
namespace {

class BoundConcatenate : public BoundLayer {
 public:
  BoundConcatenate(int64_t elements, int64_t parts, const LayerBinding& binding)
      : rows_(binding.rows * parts), elements_(elements / parts), binding_(binding) {
    for (const auto& input : binding.inputs) {
      widths_.push_back(rows_ > 0 ? input.elements() / rows_ : 0);
    }
  }

  void Forward(const StepContext& /*context*/) override {
    float* to = binding_.output.Flat<float>().data();
    for (size_t i = 0; i < widths_.size(); ++i) {
      const float* from = binding_.inputs[i].Flat<float>().data();
      MoveRows({from, widths_[i]}, {to, elements_}, rows_, widths_[i], false);
      to += widths_[i];
    }
  }

  void Backward(const StepContext& /*context*/) override {
    const float* from = binding_.output_gradient.Flat<float>().data();
    for (size_t i = 0; i < widths_.size(); ++i) {
      const Tensor& gradient = binding_.input_gradients[i];
      if (gradient.present()) {
        MoveRows({from, elements_}, {gradient.Flat<float>().data(), widths_[i]}, rows_, widths_[i],
                 binding_.add_input_gradient[i]);
      }
      from += widths_[i];
    }
  }

 private:
  int64_t rows_;      // parts of all samples
  int64_t elements_;  // of a part of the output
  LayerBinding binding_;
  std::vector<int64_t> widths_;  // elements of a part of each input
};

}  // namespace

std::unique_ptr<BoundLayer> Concatenate::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundConcatenate>(output_.elements(), Parts(), binding);
}

}  // namespace seve
