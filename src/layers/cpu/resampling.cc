#include "layers/resampling.h"

#include <algorithm>

#include "layers/cpu/channel_lanes.h"

namespace seve {
namespace {

// Between pictures of these rows and columns.
struct Resampler {
  AxisTaps rows, columns;
  float elsewhere = 0;

  void operator()(const Tensor& from, const Tensor& to, int64_t samples, int64_t channels,
                  bool add) const {
    const float* x = from.Flat<float>().data();
    float* y = to.Flat<float>().data();
    const float* const x_end = x + from.elements();
    const float* const y_end = y + to.elements();
    const int64_t width = columns.places;
    for (int64_t i = 0; i < samples * rows.size(); ++i) {
      const auto own_rows = rows.Of(i % rows.size());
      const float* picture = x + i / rows.size() * rows.places * width * channels;
      for (int64_t w = 0; w < columns.size(); ++w, y += channels) {
        const auto own_columns = columns.Of(w);
        const bool empty = own_rows.empty() || own_columns.empty();
        int64_t room = y_end - y;
        if (!empty) {
          const float* last =
              picture + (own_rows.back().place * width + own_columns.back().place) * channels;
          room = std::min<int64_t>(room, x_end - last);
        }
        ForEachLanes(channels, add ? channels : room, [&](auto lanes, int64_t channel) {
          constexpr int kWidth = decltype(lanes)::value;
          auto sum = add ? LoadLanes<kWidth>(y + channel) : Lanes<float, kWidth>{};
          if (empty) sum += elsewhere;
          for (const AxisTap& row : own_rows) {
            const float* pixels = picture + row.place * width * channels + channel;
            for (const AxisTap& column : own_columns) {
              sum += (row.factor * column.factor) *
                     LoadLanes<kWidth>(pixels + column.place * channels);
            }
          }
          StoreLanes<kWidth>(sum, y + channel);
        });
      }
    }
  }
};

class BoundResampling : public BoundLayer {
 public:
  BoundResampling(const Resampler& forward, int64_t channels, const LayerBinding& binding)
      : forward_(forward),
        backward_{forward.rows.Transposed(), forward.columns.Transposed()},
        channels_(channels),
        binding_(binding) {}

  void Forward(const StepContext& /*context*/) override {
    forward_(binding_.inputs[0], binding_.output, binding_.rows, channels_, false);
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dx = binding_.input_gradients[0];
    if (!dx.present()) return;
    backward_(binding_.output_gradient, dx, binding_.rows, channels_,
              binding_.add_input_gradient[0]);
  }

 private:
  Resampler forward_, backward_;
  int64_t channels_;
  LayerBinding binding_;
};

}  // namespace

std::unique_ptr<BoundLayer> Resampling::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundResampling>(Resampler{rows_, columns_, elsewhere_}, output_[0],
                                           binding);
}

}  // namespace seve
