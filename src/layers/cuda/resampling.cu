#include <cmath>

#include "layers/cuda/channel_runs.cuh"
#include "layers/cuda/cuda_scope.h"
#include "layers/resampling.h"

namespace seve {
namespace {

// AxisTaps on the device.
struct DeviceTaps {
  const int32_t* begins;
  const AxisTap* taps;
};

// `from`: pictures of from_height by from_width pixels.
template <int kSize, typename T>
__global__ void ResampleKernel(DeviceTaps rows, DeviceTaps columns, PictureBatch to_batch,
                               int64_t from_height, int64_t from_width, const T* from, T* to,
                               float elsewhere, bool add) {
  ForEachChannelRun<kSize>(to_batch, [&](const ChannelRun& run) {
    const int32_t row_end = rows.begins[run.h + 1], column_end = columns.begins[run.w + 1];
    const int32_t row_begin = rows.begins[run.h], column_begin = columns.begins[run.w];
    float sums[kSize] = {};
    if (add) LoadRun(to + run.first, sums);
    if (row_begin == row_end || column_begin == column_end) {
      for (int i = 0; i < kSize; ++i) sums[i] += elsewhere;
    }
    for (int32_t r = row_begin; r < row_end; ++r) {
      const int64_t line = (run.row * from_height + rows.taps[r].place) * from_width;
      for (int32_t c = column_begin; c < column_end; ++c) {
        const float factor = rows.taps[r].factor * columns.taps[c].factor;
        float values[kSize];
        LoadRun(from + (line + columns.taps[c].place) * to_batch.channels + run.channel, values);
        for (int i = 0; i < kSize; ++i) sums[i] = std::fma(factor, values[i], sums[i]);
      }
    }
    StoreRun(sums, to + run.first);
  });
}

// An axis's taps in memory of the GPU.
class UploadedTaps {
 public:
  UploadedTaps(const AxisTaps& taps, cudaStream_t stream)
      : begins_(taps.begins.size() * sizeof(int32_t)),
        taps_(std::max<size_t>(taps.taps.size(), 1) * sizeof(AxisTap)) {
    CopyToDevice(std::as_bytes(std::span(taps.begins)), begins_.data(), stream);
    CopyToDevice(std::as_bytes(std::span(taps.taps)), taps_.data(), stream);
  }
  [[nodiscard]] DeviceTaps get() const { return {begins_.As<int32_t>(), taps_.As<AxisTap>()}; }

 private:
  DeviceBuffer begins_, taps_;
};

// Between pictures of these rows and columns.
class Resampler {
 public:
  Resampler(const AxisTaps& rows, const AxisTaps& columns, float elsewhere, cudaStream_t stream)
      : rows_(rows, stream),
        columns_(columns, stream),
        from_{0, rows.places, columns.places, 0},
        to_{0, rows.size(), columns.size(), 0},
        elsewhere_(elsewhere),
        stream_(stream) {}

  void operator()(const Tensor& from, const Tensor& to, int64_t samples, int64_t channels,
                  bool add) const {
    const PictureBatch batch = {samples, to_.height, to_.width, channels};
    WithFloatingType(to.dtype(), [&](auto element) {
      using T = decltype(element);
      WithChannelRuns<T>(channels, [&](auto size) {
        constexpr int kSize = decltype(size)::value;
        Launch(ResampleKernel<kSize, T>, BlocksForChannelRuns(batch, kSize), kThreads, stream_,
               rows_.get(), columns_.get(), batch, from_.height, from_.width, from.Flat<T>().data(),
               to.Flat<T>().data(), elsewhere_, add);
      });
    });
  }

 private:
  UploadedTaps rows_, columns_;
  PictureBatch from_, to_;  // heights and widths
  float elsewhere_;
  cudaStream_t stream_;
};

class BoundResampling : public BoundLayer {
 public:
  BoundResampling(const AxisTaps& rows, const AxisTaps& columns, float elsewhere, int64_t channels,
                  const LayerBinding& binding, cudaStream_t stream)
      : forward_(rows, columns, elsewhere, stream),
        backward_(rows.Transposed(), columns.Transposed(), 0, stream),
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

std::unique_ptr<BoundLayer> Resampling::BindCuda(const LayerBinding& binding,
                                                 const CudaScope& scope) const {
  return std::make_unique<BoundResampling>(rows_, columns_, elsewhere_, output_[0], binding,
                                           scope.device.stream());
}

}  // namespace seve
