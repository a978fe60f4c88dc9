#include "layers/global_pool.h"

#include <algorithm>
#include <cmath>

namespace seve {
namespace {

class BoundGlobalPool : public BoundLayer {
 public:
  BoundGlobalPool(Pooling pooling, int64_t pixels, int64_t channels, const LayerBinding& binding)
      : pooling_(pooling),
        pixels_(pixels),
        channels_(channels),
        binding_(binding),
        sums_(static_cast<size_t>(channels)) {}

  void Forward(const StepContext& /*context*/) override {
    const float* x = binding_.inputs[0].Flat<float>().data();
    float* y = binding_.output.Flat<float>().data();
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const float* picture = x + row * pixels_ * channels_;
      float* out = y + row * channels_;
      pooling_ == Pooling::kMax ? Largest(picture, out, Kept(row)) : Mean(picture, out);
    }
  }

  void Backward(const StepContext& /*context*/) override {
    if (!binding_.input_gradients[0].present()) return;
    const float* dy = binding_.output_gradient.Flat<float>().data();
    float* dx = binding_.input_gradients[0].Flat<float>().data();
    if (!binding_.add_input_gradient[0]) {
      std::fill_n(dx, binding_.rows * pixels_ * channels_, 0.0f);
    }
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const float* gradient = dy + row * channels_;
      float* picture = dx + row * pixels_ * channels_;
      pooling_ == Pooling::kMax ? Scatter(gradient, Kept(row), picture) : Spread(gradient, picture);
    }
  }

 private:
  void Mean(const float* __restrict x, float* __restrict y) {
    double* __restrict sums = sums_.data();
    std::ranges::fill(sums_, 0.0);
    for (int64_t pixel = 0; pixel < pixels_; ++pixel, x += channels_) {
      for (int64_t c = 0; c < channels_; ++c) sums[c] += static_cast<double>(x[c]);
    }
    for (int64_t c = 0; c < channels_; ++c) {
      y[c] = static_cast<float>(sums[c] / static_cast<double>(pixels_));
    }
  }

  void Largest(const float* __restrict x, float* __restrict y, int32_t* __restrict kept) const {
    std::copy_n(x, channels_, y);
    std::fill_n(kept, channels_, 0);
    for (int32_t pixel = 1; pixel < pixels_; ++pixel) {
      x += channels_;
      for (int64_t c = 0; c < channels_; ++c) {
        const bool larger = x[c] > y[c] || std::isnan(x[c]);
        y[c] = larger ? x[c] : y[c];
        kept[c] = larger ? pixel : kept[c];
      }
    }
  }

  void Spread(const float* __restrict dy, float* __restrict dx) const {
    const float share = 1 / static_cast<float>(pixels_);
    for (int64_t pixel = 0; pixel < pixels_; ++pixel, dx += channels_) {
      for (int64_t c = 0; c < channels_; ++c) dx[c] += share * dy[c];
    }
  }

  void Scatter(const float* dy, const int32_t* kept, float* dx) const {
    for (int64_t c = 0; c < channels_; ++c) dx[kept[c] * channels_ + c] += dy[c];
  }

  [[nodiscard]] int32_t* Kept(int64_t row) const {
    return reinterpret_cast<int32_t*>(binding_.workspace.memory()) + row * channels_;
  }

  Pooling pooling_;
  int64_t pixels_, channels_;
  LayerBinding binding_;
  std::vector<double> sums_;
};

}  // namespace

std::unique_ptr<BoundLayer> GlobalPool::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundGlobalPool>(pooling_, pixels_, output_[0], binding);
}

}  // namespace seve
