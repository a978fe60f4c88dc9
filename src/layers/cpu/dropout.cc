#include "layers/dropout.h"

#include <algorithm>
#include <cmath>

#include "base/philox.h"

namespace seve {
namespace {

constexpr int64_t kBlocks = 64;  // Philox blocks drawn at a time
constexpr int64_t kDraws = 4 * kBlocks;

// The draws for elements 4*first, 4*first+1, ... of one sample: four from each of `blocks` blocks.
void Draw(const Philox& random, int64_t epoch, int64_t position, int64_t first, int64_t blocks,
          float* __restrict draws) {
  const auto low = static_cast<uint32_t>(position);
  const auto high = static_cast<uint32_t>(position >> 32);
  for (int64_t block = 0; block < blocks; ++block) {
    const auto words =
        random(static_cast<uint32_t>(epoch), low, high, static_cast<uint32_t>(first + block));
    for (int64_t word = 0; word < 4; ++word) {
      draws[4 * block + word] = UnitFloat(words[static_cast<size_t>(word)]);
    }
  }
}

class BoundDropout : public BoundLayer {
 public:
  BoundDropout(float rate, int64_t elements, const LayerBinding& binding)
      : rate_(rate),
        scale_(rate < 1 ? 1 / (1 - rate) : 0),
        elements_(elements),
        binding_(binding) {}

  void Forward(const StepContext& context) override {
    const auto x = binding_.inputs[0].Flat<float>();
    const auto y = binding_.output.Flat<float>();
    if (!binding_.training) {
      std::ranges::copy(x, y.begin());
      return;
    }
    const Philox random = RandomStream(context.seed, RandomPurpose::kDropout, binding_.name_hash);
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const int64_t at = row * elements_;
      ForwardSample(random, context.epoch, context.position + row, x.data() + at, y.data() + at,
                    Kept() + at);
    }
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& gradient = binding_.input_gradients[0];
    if (!gradient.present()) return;
    const float* __restrict dy = binding_.output_gradient.Flat<float>().data();
    const uint8_t* __restrict kept = Kept();
    float* __restrict dx = gradient.Flat<float>().data();
    const int64_t count = binding_.rows * elements_;
    const float scale = scale_;
    const bool add = binding_.add_input_gradient[0];
    for (int64_t i = 0; i < count; ++i) {
      const float scaled = add ? std::fma(dy[i], scale, dx[i]) : dy[i] * scale;
      const float nothing = add ? dx[i] : 0.0f;
      dx[i] = kept[i] != 0 ? scaled : nothing;
    }
  }

 private:
  void ForwardSample(const Philox& random, int64_t epoch, int64_t position,
                     const float* __restrict x, float* __restrict y, uint8_t* __restrict kept) {
    float draws[kDraws];
    for (int64_t begin = 0; begin < elements_; begin += kDraws) {
      const int64_t count = std::min(kDraws, elements_ - begin);
      Draw(random, epoch, position, begin / 4, (count + 3) / 4, draws);
      for (int64_t i = 0; i < count; ++i) {
        const bool keep = draws[i] >= rate_;
        kept[begin + i] = keep ? 1 : 0;
        y[begin + i] = keep ? x[begin + i] * scale_ : 0.0f;
      }
    }
  }

  [[nodiscard]] uint8_t* Kept() const { return binding_.workspace.Flat<uint8_t>().data(); }

  float rate_;
  float scale_;
  int64_t elements_;
  LayerBinding binding_;
};

}  // namespace

std::unique_ptr<BoundLayer> Dropout::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundDropout>(rate_, shape_.elements(), binding);
}

}  // namespace seve
