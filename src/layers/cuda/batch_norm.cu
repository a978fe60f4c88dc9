#include "layers/batch_norm.h"
#include "layers/cuda/column_tiles.cuh"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/moments.cuh"
#include "layers/cuda/normalized.cuh"

namespace seve {
namespace {

template <int kWidth, typename T>
__global__ void ForwardKernel(ColumnTiles tiles, Activation activation, Kept kept, Affine<T> affine,
                              const T* x, SecondInput<T> sum, T* y) {
  const Normalized<kWidth> of(tiles, kept, affine);
  tiles.ForEachRow<kWidth>([&](int64_t first) {
    float values[kWidth], more[kWidth] = {};
    LoadRun(x + first, values);
    if (sum.present()) LoadRun(sum.s + first, more);
    DispatchActivation(activation, [&](auto f) {
      for (int i = 0; i < kWidth; ++i) {
        values[i] = f.Value(fmaf(values[i] - of.mean[i], of.scale[i], of.shift[i]) + more[i]);
      }
    });
    StoreRun(values, y + first);
  });
}

// Of each chunk, the sums of dz and of dz (x - mean): parts(chunks, 2, columns). A second input
// gets its gradient.
template <int kWidth, typename T>
__global__ void GradientSumsKernel(ColumnTiles tiles, Activation activation, Kept kept,
                                   Affine<T> affine, const T* x, SecondInput<T> sum, const T* dy,
                                   float* parts) {
  const Normalized<kWidth> of(tiles, kept, affine);
  float own[2][kWidth] = {};
  tiles.ForEachRow<kWidth>([&](int64_t first) {
    float away[kWidth], dz[kWidth];
    LoadRun(x + first, away);
    LoadRun(dy + first, dz);
    if (sum.present()) {
      float seen[kWidth];
      LoadRun(sum.seen + first, seen);
      of.SlopeOfSum(activation, seen, away, dz);
    } else {
      of.Slope(activation, away, dz);
    }
    for (int i = 0; i < kWidth; ++i) {
      own[0][i] += dz[i];
      own[1][i] = fmaf(dz[i], away[i], own[1][i]);
    }
    if (!sum.present()) return;
    StoreRun(dz, sum.dz + first);
    if (sum.added != nullptr) StoreOrAddRun(dz, sum.added + first, true);
  });
  JoinTeams(tiles, own, parts + blockIdx.y * 2 * tiles.columns,
            [](double(&sums)[2], int /*team*/, const double(&more)[2]) {
              sums[0] += more[0];
              sums[1] += more[1];
            });
}

// What flows through the statistics of so many values.
__device__ void KeepLevels(const Kept& kept, int64_t channel, double sum, double moment,
                           double count) {
  const double inverse = kept.inverses()[channel];
  kept.levels()[channel] = static_cast<float>(sum / count);
  kept.slopes()[channel] = static_cast<float>(inverse * inverse * moment / count);
}

// A warp a channel: gradients of gain and shift (null where frozen), and what flows through the
// micro-batch's own statistics; or, where they are synchronised, what ranks exchange.
__global__ void ParameterGradientsKernel(ColumnTiles tiles, int64_t chunks, const float* parts,
                                         Kept kept, float* gains, float* shifts, bool add,
                                         RankSums sums) {
  const int64_t channel = ChannelOfWarp();
  const bool any = channel < tiles.columns;
  double sum = 0, moment = 0;
  for (int64_t chunk = threadIdx.x % 32; any && chunk < chunks; chunk += 32) {
    const float* part = parts + chunk * 2 * tiles.columns + channel;
    sum += static_cast<double>(part[0]);
    moment += static_cast<double>(part[tiles.columns]);
  }
  sum = WarpSum(sum);
  moment = WarpSum(moment);
  if (!any || threadIdx.x % 32 != 0) return;
  const double inverse = kept.inverses()[channel];
  const double count = tiles.rows > 0 ? static_cast<double>(tiles.rows) : 1;
  WriteOrAdd(gains, channel, moment * inverse, add);
  WriteOrAdd(shifts, channel, sum, add);
  if (sums.first == nullptr) return KeepLevels(kept, channel, sum, moment, count);
  sums.first[channel] = sum;
  sums.second()[channel] = moment;
}

__global__ void SharedLevelsKernel(RankSums sums, Kept kept) {
  const int64_t channel = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (channel >= sums.channels) return;
  KeepLevels(kept, channel, sums.first[channel], sums.second()[channel], sums.count());
}

// dx = scale (dz - level - slope (x - mean)), the last two only `through` the micro-batch's
// statistics.
template <int kWidth, typename T>
__global__ void InputGradientKernel(ColumnTiles tiles, Activation activation, Kept kept,
                                    Affine<T> affine, const T* x, const T* dy, T* dx, bool through,
                                    bool add) {
  const Normalized<kWidth> of(tiles, kept, affine);
  float levels[kWidth] = {}, slopes[kWidth] = {};
  const int64_t column = tiles.Column<kWidth>();
  for (int i = 0; i < kWidth && through && column < tiles.columns; ++i) {
    levels[i] = kept.levels()[column + i];
    slopes[i] = kept.slopes()[column + i];
  }
  tiles.ForEachRow<kWidth>([&](int64_t first) {
    float away[kWidth], dz[kWidth];
    LoadRun(x + first, away);
    LoadRun(dy + first, dz);
    of.Slope(activation, away, dz);
    for (int i = 0; i < kWidth; ++i) {
      dz[i] = of.scale[i] * (dz[i] - fmaf(slopes[i], away[i], levels[i]));
    }
    StoreOrAddRun(dz, dx + first, add);
  });
}

class BoundBatchNorm : public BoundLayer {
 public:
  BoundBatchNorm(const BatchNormOptions& options, const LayerBinding& binding, int64_t channels,
                 const CudaDevice& device)
      : options_(options),
        binding_(binding),
        tensors_(options, binding),
        channels_(channels),
        rows_(binding.output.elements() / channels),
        device_(device) {}

  void Forward(const StepContext& context) override {
    if (rows_ == 0) {
      if (IsShared()) SumNothing(2 * channels_ + 1);
      return NoRows(context.accumulate);
    }
    WithKernels([&](auto element, auto width, const TileGrid& grid) {
      using T = decltype(element);
      constexpr int kWidth = decltype(width)::value;
      const T* x = binding_.inputs[0].Flat<T>().data();
      if (tensors_.of_micro_batch) {
        Launch(MomentsKernel<kWidth, T>, grid.blocks, kThreads, device_.stream(), grid.tiles, x,
               device_.workspace().As<float>());
        TakeStatistics(grid, context.accumulate);
      } else {
        Launch(RunningKernel, BlocksFor(channels_, kThreads), kThreads, device_.stream(),
               Floats(tensors_.running_mean), Floats(tensors_.running_var), options_.epsilon,
               kept());
      }
      Launch(ForwardKernel<kWidth, T>, grid.blocks, kThreads, device_.stream(), grid.tiles,
             options_.activation, kept(), affine<T>(), x, sum<T>(),
             binding_.output.Flat<T>().data());
    });
  }

  void Backward(const StepContext& context) override {
    const Tensor& dx = binding_.input_gradients[0];
    const bool shared = IsShared() && dx.present();
    if (rows_ == 0) {
      if (shared) SumNothing(2 * channels_);
      return NoRows(context.accumulate);
    }
    const bool learns = tensors_.weight_gradient.present() || tensors_.bias_gradient.present();
    WithKernels([&](auto element, auto width, const TileGrid& grid) {
      using T = decltype(element);
      constexpr int kWidth = decltype(width)::value;
      const T* x = binding_.inputs[0].Flat<T>().data();
      const T* dy = binding_.output_gradient.Flat<T>().data();
      if (learns || options_.adds || (dx.present() && tensors_.of_micro_batch)) {
        float* parts = device_.workspace().As<float>();
        Launch(GradientSumsKernel<kWidth, T>, grid.blocks, kThreads, device_.stream(), grid.tiles,
               options_.activation, kept(), affine<T>(), x, sum<T>(), dy, parts);
        Launch(ParameterGradientsKernel, WarpBlocks(), kThreads, device_.stream(), grid.tiles,
               grid.chunks, parts, kept(), Floats(tensors_.weight_gradient),
               Floats(tensors_.bias_gradient), context.accumulate, shared ? sums() : RankSums{});
      }
      if (!dx.present()) return;
      if (shared) {
        Sum(2 * channels_);
        Launch(SharedLevelsKernel, BlocksFor(channels_, kThreads), kThreads, device_.stream(),
               sums(), kept());
      }
      Launch(InputGradientKernel<kWidth, T>, grid.blocks, kThreads, device_.stream(), grid.tiles,
             options_.adds ? Activation() : options_.activation, kept(), affine<T>(), x,
             options_.adds ? sum<T>().dz : dy, dx.Flat<T>().data(), tensors_.of_micro_batch,
             binding_.add_input_gradient[0]);
    });
  }

 private:
  // Calls body(T{}, run size, how the matrix is cut).
  template <typename Body>
  void WithKernels(Body body) const {
    WithFloatingType(binding_.output.dtype(), [&](auto element) {
      using T = decltype(element);
      const TileGrid grid = TileColumns<T>(rows_, channels_);
      Check(static_cast<size_t>(2 * grid.chunks * channels_) * sizeof(float) <=
                device_.workspace().size(),
            "a GPU's workspace is too small for the sums of a batch_norm");
      if (grid.width == 1) {
        body(element, RunSize<1>{}, grid);
      } else {
        body(element, RunSize<Pack<T>::kSize>{}, grid);
      }
    });
  }

  // From the moments of the chunks in the device's workspace.
  void TakeStatistics(const TileGrid& grid, bool accumulate) const {
    const float* parts = device_.workspace().As<float>();
    const StatisticGradients gradients = {.mean = Floats(tensors_.mean_gradient),
                                          .var = Floats(tensors_.var_gradient),
                                          .samples = static_cast<double>(binding_.rows),
                                          .add = accumulate};
    if (!IsShared()) {
      Launch(StatisticsKernel, WarpBlocks(), kThreads, device_.stream(), grid.tiles, grid.chunks,
             parts, options_.epsilon, kept(), gradients);
      return;
    }
    const float* centres = Floats(tensors_.running_mean);
    Launch(DistancesKernel, WarpBlocks(), kThreads, device_.stream(), grid.tiles, grid.chunks,
           parts, centres, sums());
    Sum(2 * channels_ + 1);
    Launch(SharedStatisticsKernel, BlocksFor(channels_, kThreads), kThreads, device_.stream(),
           sums(), centres, options_.epsilon, kept(), gradients);
  }

  // Statistics are those of all ranks.
  [[nodiscard]] bool IsShared() const {
    return tensors_.of_micro_batch && binding_.statistics != nullptr;
  }
  void Sum(int64_t values) const {
    binding_.statistics->Sum({sums().first, static_cast<size_t>(values)});
  }
  void SumNothing(int64_t values) const {
    CheckCuda(cudaMemsetAsync(sums().first, 0, static_cast<size_t>(values) * sizeof(double),
                              device_.stream()),
              "cudaMemsetAsync");
    Sum(values);
  }

  // Of no samples, the sums are 0.
  void NoRows(bool accumulate) const {
    if (accumulate) return;
    for (const Tensor& gradient : binding_.parameter_gradients) {
      if (!gradient.present()) continue;
      CheckCuda(cudaMemsetAsync(gradient.memory(), 0, gradient.bytes(), device_.stream()),
                "cudaMemsetAsync");
    }
  }

  static float* Floats(const Tensor& tensor) {
    return tensor.present() ? tensor.Flat<float>().data() : nullptr;
  }
  [[nodiscard]] RankSums sums() const {
    return {static_cast<double*>(binding_.workspace.memory()), channels_};
  }
  [[nodiscard]] Kept kept() const {
    return {reinterpret_cast<float*>(sums().first + 2 * channels_ + 1), channels_};
  }
  template <typename T>
  [[nodiscard]] Affine<T> affine() const {
    if (!tensors_.weight.present()) return {};
    return {tensors_.weight.Flat<T>().data(), tensors_.bias.Flat<T>().data()};
  }
  template <typename T>
  [[nodiscard]] SecondInput<T> sum() const {
    if (!options_.adds) return {};
    const Tensor& ds = binding_.input_gradients[1];
    T* gradient = ds.present() ? ds.Flat<T>().data() : nullptr;
    const bool add = gradient != nullptr && binding_.add_input_gradient[1];
    const bool own = gradient != nullptr && !add;
    const T* s = binding_.inputs[1].Flat<T>().data();
    const Tensor& dy = binding_.output_gradient;
    return {.s = s,
            .seen = SlopeNeedsInput(options_.activation) ? s : binding_.output.Flat<T>().data(),
            .dz = own            ? gradient
                  : dy.present() ? dy.Flat<T>().data()
                                 : nullptr,
            .added = add ? gradient : nullptr};
  }
  [[nodiscard]] unsigned WarpBlocks() const { return BlocksFor(channels_, kThreads / 32); }

  BatchNormOptions options_;
  LayerBinding binding_;
  BatchNormTensors tensors_;
  int64_t channels_, rows_;
  const CudaDevice& device_;
};

}  // namespace

std::unique_ptr<BoundLayer> BatchNorm::BindCuda(const LayerBinding& binding,
                                                const CudaScope& scope) const {
  return std::make_unique<BoundBatchNorm>(options_, binding, shape_[0], scope.device);
}

}  // namespace seve
