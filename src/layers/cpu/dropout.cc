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

// One draw for all values of a channel.
class BoundChannelDropout : public BoundLayer {
 public:
  BoundChannelDropout(float rate, const SampleDraws& draws, const LayerBinding& binding)
      : rate_(rate), scale_(rate < 1 ? 1 / (1 - rate) : 0), draws_(draws), binding_(binding) {}

  void Forward(const StepContext& context) override {
    if (!binding_.training) {
      std::ranges::copy(binding_.inputs[0].Flat<float>(), binding_.output.Flat<float>().begin());
      return;
    }
    const Philox random = RandomStream(context.seed, RandomPurpose::kDropout, binding_.name_hash);
    for (int64_t row = 0; row < binding_.rows; ++row) {
      DrawMask(random, context.epoch, context.position + row, Kept(row));
      Pass<false>(binding_.inputs[0], binding_.output, row);
    }
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dx = binding_.input_gradients[0];
    if (!dx.present()) return;
    for (int64_t row = 0; row < binding_.rows; ++row) {
      if (binding_.add_input_gradient[0]) {
        Pass<true>(binding_.output_gradient, dx, row);
      } else {
        Pass<false>(binding_.output_gradient, dx, row);
      }
    }
  }

 private:
  void DrawMask(const Philox& random, int64_t epoch, int64_t position, uint8_t* kept) const {
    float draws[kDraws];
    for (int64_t begin = 0; begin < draws_.draws; begin += kDraws) {
      const int64_t count = std::min(kDraws, draws_.draws - begin);
      Draw(random, epoch, position, begin / 4, (count + 3) / 4, draws);
      for (int64_t i = 0; i < count; ++i) kept[begin + i] = draws[i] >= rate_ ? 1 : 0;
    }
  }

  // y = x of what is kept, scaled, or y += x with kAdd.
  template <bool kAdd>
  void Pass(const Tensor& from, const Tensor& to, int64_t row) const {
    const float* __restrict x = from.Flat<float>().data() + row * draws_.elements;
    float* __restrict y = to.Flat<float>().data() + row * draws_.elements;
    const uint8_t* __restrict kept = Kept(row);
    const float scale = scale_;
    const auto pass = [&](int64_t at, int64_t draw) {
      const bool keep = kept[draw] != 0;
      if constexpr (kAdd) {
        y[at] = keep ? std::fma(x[at], scale, y[at]) : y[at];
      } else {
        y[at] = keep ? x[at] * scale : 0.0f;
      }
    };
    const int64_t share = draws_.share, draws = draws_.draws;
    for (int64_t at = 0; at < draws_.elements; at += draws * share) {
      for (int64_t draw = 0; draw < draws; ++draw) {
        for (int64_t i = 0; i < share; ++i) pass(at + draw * share + i, draw);
      }
    }
  }

  [[nodiscard]] uint8_t* Kept(int64_t row) const {
    return binding_.workspace.Flat<uint8_t>().data() + row * draws_.draws;
  }

  float rate_;
  float scale_;
  SampleDraws draws_;
  LayerBinding binding_;
};

}  // namespace

std::unique_ptr<BoundLayer> Dropout::BindCpu(const LayerBinding& binding) const {
  if (per_channel_) {
    return std::make_unique<BoundChannelDropout>(rate_, DrawsOfSample(), binding);
  }
  return std::make_unique<BoundDropout>(rate_, shape_.elements(), binding);
}

}  // namespace seve
