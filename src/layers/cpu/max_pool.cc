#include "layers/max_pool.h"

#include <algorithm>

#include "layers/cpu/channel_lanes.h"

namespace seve {
namespace {

// What one window takes from: `rows` by `columns` pixels, the first at `pixel`, whose place in the
// whole window is `first`.
struct Window {
  int64_t pixel, rows, columns, first;
};

// P: what a position in a window is kept as.
template <typename P>
class BoundMaxPool : public BoundLayer {
 public:
  BoundMaxPool(const WindowGeometry& geometry, const LayerBinding& binding)
      : geometry_(geometry),
        channels_(geometry.channels),
        binding_(binding),
        inputs_(binding.rows * geometry.InputShape().elements()),
        outputs_(binding.rows * geometry.OutputShape().elements()),
        tiles_(geometry.stride == geometry.size && geometry.padding == Extent{0, 0}),
        kept_(reinterpret_cast<P*>(binding.workspace.memory())) {
    const auto& g = geometry_;
    for (int64_t w = 0; w < g.input.width; ++w) {
      windows_of_column_.push_back(
          WindowsOfPixel(w, g.size.width, g.stride.width, g.padding.width, g.output.width));
    }
  }

  void Forward(const StepContext& /*context*/) override {
    if (!binding_.training) return ForwardWith<false>();
    ForwardWith<true>();
  }

  void Backward(const StepContext& /*context*/) override {
    if (!binding_.input_gradients[0].present()) return;
    float* dx = binding_.input_gradients[0].Flat<float>().data();
    dy_ = binding_.output_gradient.Flat<float>().data();
    const int64_t height = geometry_.input.height;
    for (int64_t row = 0; row < binding_.rows; ++row) {
      for (int64_t h = 0; h < height; ++h) {
        tiles_ ? BackwardTiledRow(row, h, &dx) : BackwardRow(row, h, &dx);
      }
    }
  }

 private:
  template <bool kKeep>
  void ForwardWith() {
    const auto& g = geometry_;
    x_ = binding_.inputs[0].Flat<float>().data();
    y_ = binding_.output.Flat<float>().data();
    int64_t at = 0;
    for (int64_t row = 0; row < binding_.rows; ++row) {
      const int64_t start = row * g.input.height;
      for (int64_t oh = 0; oh < g.output.height; ++oh) {
        const auto rows =
            PixelsOfWindow(oh, g.size.height, g.stride.height, g.padding.height, g.input.height);
        const int64_t skipped = rows.begin - (oh * g.stride.height - g.padding.height);
        for (int64_t ow = 0; ow < g.output.width; ++ow, at += channels_) {
          const auto columns =
              PixelsOfWindow(ow, g.size.width, g.stride.width, g.padding.width, g.input.width);
          const Window window = {.pixel = (start + rows.begin) * g.input.width + columns.begin,
                                 .rows = rows.end - rows.begin,
                                 .columns = columns.end - columns.begin,
                                 .first = skipped * g.size.width + columns.begin -
                                          (ow * g.stride.width - g.padding.width)};
          ForwardWindow<kKeep>(window, at);
        }
      }
    }
  }

  // The output whose first channel is element `at`.
  template <bool kKeep>
  void ForwardWindow(const Window& window, int64_t at) {
    const float* x = x_ + window.pixel * channels_;
    float* y = y_ + at;
    P* kept = kept_ + at;
    const int64_t last =
        window.pixel + (window.rows - 1) * geometry_.input.width + window.columns - 1;
    const int64_t room = std::min(outputs_ - at, inputs_ - last * channels_);
    ForEachLanes(channels_, room, [&](auto width, int64_t channel) {
      constexpr int kWidth = decltype(width)::value;
      if (window.rows == 2 && window.columns == 2) {
        Largest<kWidth, kKeep>(window, std::integral_constant<int64_t, 2>(), x + channel,
                               y + channel, kept + channel);
      } else {
        Largest<kWidth, kKeep>(window, window.columns, x + channel, y + channel, kept + channel);
      }
    });
  }

  // `side`: columns of the window, or a constant: rows and columns.
  template <int kWidth, bool kKeep, typename Side>
  void Largest(const Window& window, Side side, const float* x, float* y, P* kept) const {
    constexpr bool kSquare = !std::is_same_v<Side, int64_t>;
    const int64_t columns = side;
    const int64_t rows = kSquare ? columns : window.rows;
    auto best = LoadLanes<kWidth>(x);
    auto which = AllLanes<kWidth>(static_cast<int32_t>(window.first));
    for (int64_t r = 0; r < rows; ++r) {
      const float* pixel = x + r * geometry_.input.width * channels_;
      for (int64_t k = 0; k < columns; ++k, pixel += channels_) {
        const auto place = static_cast<int32_t>(window.first + r * geometry_.size.width + k);
        const auto value = LoadLanes<kWidth>(pixel);
        const auto larger = (value > best) | (value != value);
        best = larger ? value : best;
        which = larger ? AllLanes<kWidth>(place) : which;
      }
    }
    StoreLanes<kWidth>(best, y);
    if constexpr (kKeep) StoreLanesAs<kWidth>(which, kept);
  }

  // One row of pixels, at *dx, each in one window or, at the end, in none.
  void BackwardTiledRow(int64_t row, int64_t h, float** dx) {
    const auto& g = geometry_;
    const bool add = binding_.add_input_gradient[0];
    const int64_t oh = h / g.size.height;
    const int64_t tiles = oh < g.output.height ? g.output.width : 0;
    const int64_t first = h % g.size.height * g.size.width;
    int64_t at = (row * g.output.height + oh) * g.output.width * channels_;
    int64_t written = inputs_ - (row * g.input.height + h) * g.input.width * channels_;
    for (int64_t ow = 0; ow < tiles; ++ow, at += channels_) {
      for (int64_t k = 0; k < g.size.width; ++k, *dx += channels_, written -= channels_) {
        const auto place = static_cast<int32_t>(first + k);
        ForEachLanes(channels_, add ? channels_ : std::min(outputs_ - at, written),
                     [&](auto width, int64_t channel) {
                       constexpr int kWidth = decltype(width)::value;
                       float* to = *dx + channel;
                       const auto which = LoadLanesOf<int32_t, kWidth>(kept_ + at + channel);
                       const auto own = LoadLanes<kWidth>(dy_ + at + channel);
                       auto sum = add ? LoadLanes<kWidth>(to) : Lanes<float, kWidth>{};
                       sum += which == place ? own : Lanes<float, kWidth>{};
                       StoreLanes<kWidth>(sum, to);
                     });
      }
    }
    const int64_t left = (g.input.width - tiles * g.size.width) * channels_;
    if (!add) std::fill_n(*dx, left, 0.0f);
    *dx += left;
  }

  // One row of pixels, at *dx; each gathers from the windows it is in.
  void BackwardRow(int64_t row, int64_t h, float** dx) {
    const auto& g = geometry_;
    const bool add = binding_.add_input_gradient[0];
    const auto rows =
        WindowsOfPixel(h, g.size.height, g.stride.height, g.padding.height, g.output.height);
    for (int64_t w = 0; w < g.input.width; ++w, *dx += channels_) {
      const auto columns = windows_of_column_[static_cast<size_t>(w)];
      const int64_t last = ((row + 1) * g.output.height * g.output.width) * channels_;
      const int64_t read = outputs_ - last + channels_;
      const int64_t written =
          inputs_ - ((row * g.input.height + h) * g.input.width + w) * channels_;
      ForEachLanes(channels_, add ? channels_ : std::min(read, written),
                   [&](auto width, int64_t channel) {
                     constexpr int kWidth = decltype(width)::value;
                     BackwardPixel<kWidth>(row, h, w, rows, columns, add, channel, *dx + channel);
                   });
    }
  }

  template <int kWidth>
  void BackwardPixel(int64_t row, int64_t h, int64_t w, IndexRange rows, IndexRange columns,
                     bool add, int64_t channel, float* dx) const {
    const auto& g = geometry_;
    const float* dy = dy_ + channel;
    const P* kept = kept_ + channel;
    auto sum = add ? LoadLanes<kWidth>(dx) : Lanes<float, kWidth>{};
    for (int64_t oh = rows.begin; oh < rows.end; ++oh) {
      for (int64_t ow = columns.begin; ow < columns.end; ++ow) {
        const int64_t at = ((row * g.output.height + oh) * g.output.width + ow) * channels_;
        const int64_t place = (h + g.padding.height - oh * g.stride.height) * g.size.width + w +
                              g.padding.width - ow * g.stride.width;
        const auto which = LoadLanesOf<int32_t, kWidth>(kept + at);
        const auto gradient = LoadLanes<kWidth>(dy + at);
        sum += which == static_cast<int32_t>(place) ? gradient : Lanes<float, kWidth>{};
      }
    }
    StoreLanes<kWidth>(sum, dx);
  }

  WindowGeometry geometry_;
  int64_t channels_;
  LayerBinding binding_;
  int64_t inputs_, outputs_;  // values of all samples
  bool tiles_;                // no pixel is in two windows, and there is no padding
  P* kept_;
  // Of the latest pass.
  const float* x_ = nullptr;
  float* y_ = nullptr;
  const float* dy_ = nullptr;
  std::vector<IndexRange> windows_of_column_;
};

}  // namespace

std::unique_ptr<BoundLayer> MaxPool::BindCpu(const LayerBinding& binding) const {
  if (PositionsAreBytes()) return std::make_unique<BoundMaxPool<uint8_t>>(geometry_, binding);
  return std::make_unique<BoundMaxPool<int32_t>>(geometry_, binding);
}

}  // namespace seve
