#include "layers/maxout.h"

#include <algorithm>

namespace seve {
namespace {

// The pieces are a linear layer of their own, whose output and output gradient are the workspace.
class BoundMaxout : public BoundLayer {
 public:
  BoundMaxout(const Linear& linear, int64_t pieces, const LayerBinding& binding)
      : pieces_(pieces),
        output_(binding.output),
        output_gradient_(binding.output_gradient),
        values_(static_cast<float*>(binding.workspace.memory())),
        winners_(reinterpret_cast<int32_t*>(values_ + output_.elements() * pieces)) {
    LayerBinding inner = binding;
    inner.output = Tensor(values_, DType::kFloat32, linear.output().WithRows(binding.rows));
    inner.output_gradient = inner.output;  // a linear layer's backward pass reads no output
    inner.workspace = {};
    linear_ = linear.BindCpu(inner);
  }

  void Forward(const StepContext& context) override {
    linear_->Forward(context);
    const auto y = output_.Flat<float>();
    for (size_t i = 0; i < y.size(); ++i) {
      const float* z = values_ + static_cast<int64_t>(i) * pieces_;
      int32_t winner = 0;
      for (int32_t k = 1; k < pieces_; ++k) winner = IsLarger(z[k], z[winner]) ? k : winner;
      winners_[i] = winner;
      y[i] = z[winner];
    }
  }

  void Backward(const StepContext& context) override {
    const auto dy = output_gradient_.Flat<float>();
    std::fill_n(values_, output_.elements() * pieces_, 0.0f);
    for (size_t i = 0; i < dy.size(); ++i) {
      values_[static_cast<int64_t>(i) * pieces_ + winners_[i]] = dy[i];
    }
    linear_->Backward(context);
  }

 private:
  // NaN is the largest of all.
  static bool IsLarger(float value, float than) { return value > than || value != value; }

  int64_t pieces_;
  Tensor output_, output_gradient_;
  float* values_;     // (N, units, pieces), in backward the gradients
  int32_t* winners_;  // (N, units)
  std::unique_ptr<BoundLayer> linear_;
};

}  // namespace

std::unique_ptr<BoundLayer> Maxout::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundMaxout>(linear_, pieces_, binding);
}

}  // namespace seve
