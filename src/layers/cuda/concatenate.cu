#include "layers/concatenate.h"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/row_blocks.h"

namespace seve {
namespace {

class BoundConcatenate : public BoundLayer {
 public:
  BoundConcatenate(int64_t elements, int64_t parts, const LayerBinding& binding,
                   cudaStream_t stream)
      : rows_(binding.rows * parts),
        elements_(elements / parts),
        binding_(binding),
        stream_(stream) {
    for (const auto& input : binding.inputs) {
      widths_.push_back(rows_ > 0 ? input.elements() / rows_ : 0);
    }
  }

  void Forward(const StepContext& /*context*/) override {
    int64_t first = 0;
    for (size_t i = 0; i < widths_.size(); ++i) {
      MoveRows({binding_.inputs[i], 0, widths_[i]}, {binding_.output, first, elements_}, rows_,
               widths_[i], false, stream_);
      first += widths_[i];
    }
  }

  void Backward(const StepContext& /*context*/) override {
    int64_t first = 0;
    for (size_t i = 0; i < widths_.size(); ++i) {
      const Tensor& gradient = binding_.input_gradients[i];
      if (gradient.present()) {
        MoveRows({binding_.output_gradient, first, elements_}, {gradient, 0, widths_[i]}, rows_,
                 widths_[i], binding_.add_input_gradient[i], stream_);
      }
      first += widths_[i];
    }
  }

 private:
  int64_t rows_;      // parts of all samples
  int64_t elements_;  // of a part of the output
  LayerBinding binding_;
  std::vector<int64_t> widths_;  // elements of a part of each input
  cudaStream_t stream_;
};

}  // namespace

std::unique_ptr<BoundLayer> Concatenate::BindCuda(const LayerBinding& binding,
                                                  const CudaScope& scope) const {
  return std::make_unique<BoundConcatenate>(output_.elements(), Parts(), binding,
                                            scope.device.stream());
}

}  // namespace seve
