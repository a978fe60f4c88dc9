#include "layers/cuda/channel_runs.cuh"
#include "layers/cuda/cuda_scope.h"
#include "layers/global_pool.h"

namespace seve {
namespace {

// A block takes 32 channels of a sample: a warp every eighth pixel.
constexpr int kLanes = 32;
constexpr int kWarps = kThreads / kLanes;

// The grid being (samples, blocks of channels). y(samples, channels).
template <typename T>
__global__ void MeanKernel(const T* x, T* y, int64_t pixels, int64_t channels) {
  __shared__ float of_warps[kWarps][kLanes];
  const int lane = static_cast<int>(threadIdx.x) % kLanes;
  const int warp = static_cast<int>(threadIdx.x) / kLanes;
  const int64_t channel = int64_t{blockIdx.y} * kLanes + lane;
  float own = 0;
  if (channel < channels) {
    const T* picture = x + blockIdx.x * pixels * channels + channel;
    for (int64_t pixel = warp; pixel < pixels; pixel += kWarps) {
      own += ToFloat(picture[pixel * channels]);
    }
  }
  of_warps[warp][lane] = own;
  __syncthreads();
  if (warp > 0 || channel >= channels) return;
  float sum = 0;
  for (int w = 0; w < kWarps; ++w) sum += of_warps[w][lane];
  y[blockIdx.x * channels + channel] = FromFloat<T>(sum / static_cast<float>(pixels));
}

// Whether a candidate takes the place of the largest so far: NaN is larger than any number, of
// equal values the one with the lower index is larger.
__device__ bool IsLarger(float value, int32_t place, float best, int32_t best_place) {
  if (value != value) return true;
  return value > best || (value == best && place < best_place);
}

// The same, kept: the pixel of each, or null.
template <typename T>
__global__ void LargestKernel(const T* x, T* y, int32_t* kept, int64_t pixels, int64_t channels) {
  __shared__ float of_warps[kWarps][kLanes];
  __shared__ int32_t places[kWarps][kLanes];
  const int lane = static_cast<int>(threadIdx.x) % kLanes;
  const int warp = static_cast<int>(threadIdx.x) / kLanes;
  const int64_t channel = int64_t{blockIdx.y} * kLanes + lane;
  if (channel < channels && warp < pixels) {
    const T* picture = x + blockIdx.x * pixels * channels + channel;
    float best = ToFloat(picture[warp * channels]);
    int32_t which = warp;
    for (int64_t pixel = warp + kWarps; pixel < pixels; pixel += kWarps) {
      const float value = ToFloat(picture[pixel * channels]);
      if (!IsLarger(value, static_cast<int32_t>(pixel), best, which)) continue;
      best = value;
      which = static_cast<int32_t>(pixel);
    }
    of_warps[warp][lane] = best;
    places[warp][lane] = which;
  }
  __syncthreads();
  if (warp > 0 || channel >= channels) return;
  float best = of_warps[0][lane];
  int32_t which = places[0][lane];
  for (int w = 1; w < kWarps && w < pixels; ++w) {
    if (!IsLarger(of_warps[w][lane], places[w][lane], best, which)) continue;
    best = of_warps[w][lane];
    which = places[w][lane];
  }
  const int64_t at = blockIdx.x * channels + channel;
  y[at] = FromFloat<T>(best);
  if (kept != nullptr) kept[at] = which;
}

// dx(samples, pixels, channels): a share of the channel's gradient, or with `kept` all of it at the
// pixel kept.
template <int kSize, typename T>
__global__ void BackwardKernel(PictureBatch inputs, const int32_t* kept, float share, const T* dy,
                               T* dx, bool add) {
  ForEachChannelRun<kSize>(inputs, [&](const ChannelRun& run) {
    const int64_t at = run.row * inputs.channels + run.channel;
    float values[kSize];
    LoadRun(dy + at, values);
    for (int i = 0; i < kSize; ++i) {
      if (kept == nullptr) {
        values[i] *= share;
      } else if (kept[at + i] != run.w) {
        values[i] = 0;
      }
    }
    StoreOrAddRun(values, dx + run.first, add);
  });
}

class BoundGlobalPool : public BoundLayer {
 public:
  BoundGlobalPool(Pooling pooling, int64_t pixels, int64_t channels, const LayerBinding& binding,
                  cudaStream_t stream)
      : pooling_(pooling),
        pixels_(pixels),
        channels_(channels),
        binding_(binding),
        stream_(stream) {}

  void Forward(const StepContext& /*context*/) override {
    if (binding_.rows == 0) return;
    const auto blocks = static_cast<unsigned>((channels_ + kLanes - 1) / kLanes);
    const dim3 grid(static_cast<unsigned>(binding_.rows), blocks);
    WithFloatingType(binding_.output.dtype(), [&](auto element) {
      using T = decltype(element);
      const T* x = binding_.inputs[0].Flat<T>().data();
      T* y = binding_.output.Flat<T>().data();
      if (pooling_ == Pooling::kMax) {
        Launch(LargestKernel<T>, grid, kThreads, stream_, x, y, Kept(), pixels_, channels_);
      } else {
        Launch(MeanKernel<T>, grid, kThreads, stream_, x, y, pixels_, channels_);
      }
    });
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dx = binding_.input_gradients[0];
    if (!dx.present()) return;
    const PictureBatch inputs = {binding_.rows, 1, pixels_, channels_};
    WithFloatingType(dx.dtype(), [&](auto element) {
      using T = decltype(element);
      WithChannelRuns<T>(channels_, [&](auto size) {
        constexpr int kSize = decltype(size)::value;
        Launch(BackwardKernel<kSize, T>, BlocksForChannelRuns(inputs, kSize), kThreads, stream_,
               inputs, Kept(), 1 / static_cast<float>(pixels_),
               binding_.output_gradient.Flat<T>().data(), dx.Flat<T>().data(),
               binding_.add_input_gradient[0]);
      });
    });
  }

 private:
  // Null of means.
  [[nodiscard]] int32_t* Kept() const {
    return pooling_ == Pooling::kMax ? static_cast<int32_t*>(binding_.workspace.memory()) : nullptr;
  }

  Pooling pooling_;
  int64_t pixels_, channels_;
  LayerBinding binding_;
  cudaStream_t stream_;
};

}  // namespace

std::unique_ptr<BoundLayer> GlobalPool::BindCuda(const LayerBinding& binding,
                                                 const CudaScope& scope) const {
  return std::make_unique<BoundGlobalPool>(pooling_, pixels_, output_[0], binding,
                                           scope.device.stream());
}

}  // namespace seve
