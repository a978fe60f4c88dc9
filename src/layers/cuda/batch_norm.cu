#include "layers/batch_norm.h"
#include "layers/cuda/column_tiles.cuh"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/normalized.cuh"

namespace seve {
namespace {

// Mean and sum of squared distances from it, of `count` values (Chan, Golub & LeVeque 1983).
struct Moments {
  double count = 0, mean = 0, squares = 0;

  __device__ void Add(const Moments& more) {
    if (more.count == 0) return;
    const double all = count + more.count, away = more.mean - mean;
    mean += away * (more.count / all);
    squares += more.squares + away * away * (count * more.count / all);
    count = all;
  }
};

// The moments of each chunk: parts(chunks, 2, columns).
template <int kWidth, typename T>
__global__ void MomentsKernel(ColumnTiles tiles, const T* x, float* parts) {
  float own[2][kWidth] = {};
  int seen = 0;
  tiles.ForEachRow<kWidth>([&](int64_t first) {
    float values[kWidth];
    LoadRun(x + first, values);
    const float share = 1.0f / static_cast<float>(++seen);
    for (int i = 0; i < kWidth; ++i) {
      const float away = values[i] - own[0][i];
      own[0][i] = fmaf(away, share, own[0][i]);
      own[1][i] = fmaf(away, values[i] - own[0][i], own[1][i]);
    }
  });
  const int64_t rows = tiles.end() - tiles.begin();
  const int64_t each = rows / tiles.teams(), more_rows = rows % tiles.teams();
  JoinTeams(tiles, own, parts + blockIdx.y * 2 * tiles.columns,
            [&](double(&sums)[2], int team, const double(&more)[2]) {
              const int64_t before = team * each + (team < more_rows ? team : more_rows);
              const int64_t count = each + (team < more_rows ? 1 : 0);
              if (count <= 0) return;
              Moments all = {static_cast<double>(before), sums[0], sums[1]};
              all.Add({static_cast<double>(count), more[0], more[1]});
              sums[0] = all.mean;
              sums[1] = all.squares;
            });
}

// What becomes of a statistic: its value times the samples, or added to what is there.
struct StatisticGradients {
  float* mean;  // null where frozen
  float* var;
  double samples;
  bool add;
};

__device__ void Write(float* to, int64_t at, double value, bool add) {
  if (to != nullptr) to[at] = static_cast<float>(add ? static_cast<double>(to[at]) + value : value);
}

// A warp a channel.
__global__ void StatisticsKernel(ColumnTiles tiles, int64_t chunks, const float* parts,
                                 double epsilon, Kept kept, StatisticGradients gradients) {
  const int64_t channel = int64_t{blockIdx.x} * (kThreads / 32) + threadIdx.x / 32;
  const bool any = channel < tiles.columns;
  Moments own;
  for (int64_t chunk = threadIdx.x % 32; any && chunk < chunks; chunk += 32) {
    const int64_t begin = chunk * tiles.chunk_rows, left = tiles.rows - begin;
    if (left <= 0) break;
    const float* part = parts + chunk * 2 * tiles.columns + channel;
    own.Add({static_cast<double>(left < tiles.chunk_rows ? left : tiles.chunk_rows), part[0],
             part[tiles.columns]});
  }
  for (int offset = 16; offset > 0; offset /= 2) {
    Moments other;
    other.count = __shfl_xor_sync(0xffffffffu, own.count, offset);
    other.mean = __shfl_xor_sync(0xffffffffu, own.mean, offset);
    other.squares = __shfl_xor_sync(0xffffffffu, own.squares, offset);
    own.Add(other);
  }
  if (!any || threadIdx.x % 32 != 0) return;
  const double count = own.count > 1 ? own.count : 1;
  kept.means[channel] = static_cast<float>(own.mean);
  kept.inverses()[channel] = static_cast<float>(1 / sqrt(own.squares / count + epsilon));
  const double unbiased = own.squares / (count > 1 ? count - 1 : 1);
  Write(gradients.mean, channel, own.mean * gradients.samples, gradients.add);
  Write(gradients.var, channel, unbiased * gradients.samples, gradients.add);
}

__global__ void RunningKernel(const float* means, const float* variances, double epsilon,
                              Kept kept) {
  const int64_t channel = int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (channel >= kept.channels) return;
  kept.means[channel] = means[channel];
  kept.inverses()[channel] =
      static_cast<float>(1 / sqrt(static_cast<double>(variances[channel]) + epsilon));
}

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

// A warp a channel: gradients of gain and shift (null where frozen), and what flows through the
// statistics.
__global__ void ParameterGradientsKernel(ColumnTiles tiles, int64_t chunks, const float* parts,
                                         Kept kept, float* gains, float* shifts, bool add) {
  const int64_t channel = int64_t{blockIdx.x} * (kThreads / 32) + threadIdx.x / 32;
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
  Write(gains, channel, moment * inverse, add);
  Write(shifts, channel, sum, add);
  kept.levels()[channel] = static_cast<float>(sum / count);
  kept.slopes()[channel] = static_cast<float>(inverse * inverse * moment / count);
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
    if (rows_ == 0) return NoRows(context.accumulate);
    WithKernels([&](auto element, auto width, const TileGrid& grid) {
      using T = decltype(element);
      constexpr int kWidth = decltype(width)::value;
      const T* x = binding_.inputs[0].Flat<T>().data();
      if (tensors_.of_micro_batch) {
        float* parts = device_.workspace().As<float>();
        Launch(MomentsKernel<kWidth, T>, grid.blocks, kThreads, device_.stream(), grid.tiles, x,
               parts);
        Launch(StatisticsKernel, WarpBlocks(), kThreads, device_.stream(), grid.tiles, grid.chunks,
               parts, options_.epsilon, kept(),
               StatisticGradients{.mean = Floats(tensors_.mean_gradient),
                                  .var = Floats(tensors_.var_gradient),
                                  .samples = static_cast<double>(binding_.rows),
                                  .add = context.accumulate});
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
    if (rows_ == 0) return NoRows(context.accumulate);
    const Tensor& dx = binding_.input_gradients[0];
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
               Floats(tensors_.bias_gradient), context.accumulate);
      }
      if (!dx.present()) return;
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
  [[nodiscard]] Kept kept() const {
    return {static_cast<float*>(binding_.workspace.memory()), channels_};
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
