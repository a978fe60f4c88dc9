#include "layers/cuda/channel_runs.cuh"
#include "layers/cuda/cuda_scope.h"
#include "layers/max_pool.h"

namespace seve {
namespace {

// Positions beside a run of outputs.
template <typename P, int kSize>
struct alignas(kSize * sizeof(P)) PositionRun {
  P values[kSize];
};

PictureBatch Batch(int64_t rows, int64_t channels, const Extent& extent) {
  return {rows, extent.height, extent.width, channels};
}

// kept: null in evaluation.
template <int kSize, typename T, typename P>
__global__ void ForwardKernel(WindowGeometry g, PictureBatch outputs, const T* x, T* y, P* kept) {
  ForEachChannelRun<kSize>(outputs, [&](const ChannelRun& run) {
    const auto rows =
        PixelsOfWindow(run.h, g.size.height, g.stride.height, g.padding.height, g.input.height);
    const auto columns =
        PixelsOfWindow(run.w, g.size.width, g.stride.width, g.padding.width, g.input.width);
    const int64_t top = run.h * g.stride.height - g.padding.height;
    const int64_t left = run.w * g.stride.width - g.padding.width;
    float best[kSize];
    int32_t which[kSize];
    bool first = true;
    for (int64_t h = rows.begin; h < rows.end; ++h) {
      for (int64_t w = columns.begin; w < columns.end; ++w) {
        const auto place = static_cast<int32_t>((h - top) * g.size.width + (w - left));
        float values[kSize];
        LoadRun(x + ((run.row * g.input.height + h) * g.input.width + w) * g.channels + run.channel,
                values);
        for (int i = 0; i < kSize; ++i) {
          const bool larger = first || values[i] > best[i] || values[i] != values[i];
          best[i] = larger ? values[i] : best[i];
          which[i] = larger ? place : which[i];
        }
        first = false;
      }
    }
    StoreRun(best, y + run.first);
    if (kept == nullptr) return;
    PositionRun<P, kSize> positions;
    for (int i = 0; i < kSize; ++i) positions.values[i] = static_cast<P>(which[i]);
    *reinterpret_cast<PositionRun<P, kSize>*>(kept + run.first) = positions;
  });
}

// Each pixel gathers from the windows it is in, in their order.
template <int kSize, typename T, typename P>
__global__ void BackwardKernel(WindowGeometry g, PictureBatch inputs, const P* kept, const T* dy,
                               T* dx, bool add) {
  ForEachChannelRun<kSize>(inputs, [&](const ChannelRun& run) {
    const auto rows =
        WindowsOfPixel(run.h, g.size.height, g.stride.height, g.padding.height, g.output.height);
    const auto columns =
        WindowsOfPixel(run.w, g.size.width, g.stride.width, g.padding.width, g.output.width);
    float sums[kSize] = {};
    if (add) LoadRun(dx + run.first, sums);
    for (int64_t h = rows.begin; h < rows.end; ++h) {
      for (int64_t w = columns.begin; w < columns.end; ++w) {
        const int64_t at =
            ((run.row * g.output.height + h) * g.output.width + w) * g.channels + run.channel;
        const auto place =
            static_cast<int32_t>((run.h + g.padding.height - h * g.stride.height) * g.size.width +
                                 run.w + g.padding.width - w * g.stride.width);
        float values[kSize];
        LoadRun(dy + at, values);
        const auto positions = *reinterpret_cast<const PositionRun<P, kSize>*>(kept + at);
        for (int i = 0; i < kSize; ++i) {
          sums[i] += static_cast<int32_t>(positions.values[i]) == place ? values[i] : 0.0f;
        }
      }
    }
    StoreRun(sums, dx + run.first);
  });
}

template <typename P>
class BoundMaxPool : public BoundLayer {
 public:
  BoundMaxPool(const WindowGeometry& geometry, const LayerBinding& binding, cudaStream_t stream)
      : geometry_(geometry), binding_(binding), stream_(stream) {}

  void Forward(const StepContext& /*context*/) override {
    const auto outputs = Batch(binding_.rows, geometry_.channels, geometry_.output);
    P* kept = binding_.training ? Kept() : nullptr;
    WithFloatingType(binding_.output.dtype(), [&](auto element) {
      using T = decltype(element);
      WithChannelRuns<T>(geometry_.channels, [&](auto size) {
        constexpr int kSize = decltype(size)::value;
        Launch(ForwardKernel<kSize, T, P>, BlocksForChannelRuns(outputs, kSize), kThreads, stream_,
               geometry_, outputs, binding_.inputs[0].Flat<T>().data(),
               binding_.output.Flat<T>().data(), kept);
      });
    });
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dx = binding_.input_gradients[0];
    if (!dx.present()) return;
    const auto inputs = Batch(binding_.rows, geometry_.channels, geometry_.input);
    WithFloatingType(dx.dtype(), [&](auto element) {
      using T = decltype(element);
      WithChannelRuns<T>(geometry_.channels, [&](auto size) {
        constexpr int kSize = decltype(size)::value;
        Launch(BackwardKernel<kSize, T, P>, BlocksForChannelRuns(inputs, kSize), kThreads, stream_,
               geometry_, inputs, Kept(), binding_.output_gradient.Flat<T>().data(),
               dx.Flat<T>().data(), binding_.add_input_gradient[0]);
      });
    });
  }

 private:
  [[nodiscard]] P* Kept() const { return static_cast<P*>(binding_.workspace.memory()); }

  WindowGeometry geometry_;
  LayerBinding binding_;
  cudaStream_t stream_;
};

}  // namespace

std::unique_ptr<BoundLayer> MaxPool::BindCuda(const LayerBinding& binding,
                                              const CudaScope& scope) const {
  const cudaStream_t stream = scope.device.stream();
  if (PositionsAreBytes()) {
    return std::make_unique<BoundMaxPool<uint8_t>>(geometry_, binding, stream);
  }
  return std::make_unique<BoundMaxPool<int32_t>>(geometry_, binding, stream);
}

}  // namespace seve
