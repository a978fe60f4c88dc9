#include "layers/concatenate.h"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/row_blocks.h"

namespace seve {
namespace {

class BoundConcatenate : public BoundLayer {
 public:
  BoundConcatenate(int64_t elements, const LayerBinding& binding, cudaStream_t stream)
      : elements_(elements), binding_(binding), stream_(stream) {
    for (const auto& input : binding.inputs) {
      widths_.push_back(binding.rows > 0 ? input.elements() / binding.rows : 0);
    }
  }

  void Forward(const StepContext& /*context*/) override {
    int64_t first = 0;
    for (size_t i = 0; i < widths_.size(); ++i) {
      MoveRows({binding_.inputs[i], 0, widths_[i]}, {binding_.output, first, elements_},
               binding_.rows, widths_[i], false, stream_);
      first += widths_[i];
    }
  }

  void Backward(const StepContext& /*context*/) override {
    int64_t first = 0;
    for (size_t i = 0; i < widths_.size(); ++i) {
      const Tensor& gradient = binding_.input_gradients[i];
      if (gradient.present()) {
        MoveRows({binding_.output_gradient, first, elements_}, {gradient, 0, widths_[i]},
                 binding_.rows, widths_[i], binding_.add_input_gradient[i], stream_);
      }
      first += widths_[i];
    }
  }

 private:
  int64_t elements_;  // of a sample of the output
  LayerBinding binding_;
  std::vector<int64_t> widths_;  // elements of a sample of each input
  cudaStream_t stream_;
};

}  // namespace

std::unique_ptr<BoundLayer> Concatenate::BindCuda(const LayerBinding& binding,
                                                  const CudaScope& scope) const {
  return std::make_unique<BoundConcatenate>(output_.elements(), binding, scope.device.stream());
}

}  // namespace seve
