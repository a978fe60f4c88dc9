#include "layers/cuda/column_sums.cuh"
#include "layers/cuda/cuda_scope.h"
#include "layers/prelu.h"
#include "tensor/cuda/reduce.cuh"

namespace seve {
namespace {

// Which slope an element has: `share` neighbours have one, the next ones the next, and after
// `period` elements, a sample or a pixel, the slopes begin anew.
struct SlopeIndex {
  uint32_t period, share;

  // Of a run's first element in its period: one long division a run.
  __device__ uint32_t Place(int64_t first) const {
    return share == period ? 0 : static_cast<uint32_t>(first % period);
  }
  __device__ uint32_t Slope(uint32_t place) const {
    return share == period ? 0 : place % period / share;
  }
};

template <typename T>
__global__ void ForwardKernel(SlopeIndex index, const T* slopes, const T* x, T* y, int64_t count) {
  ForEachRun<T>(count, [&](auto size, int64_t first) {
    constexpr int kSize = decltype(size)::value;
    float values[kSize];
    LoadRun(x + first, values);
    const uint32_t place = index.Place(first);
    for (int i = 0; i < kSize; ++i) {
      const float slope = ToFloat(slopes[index.Slope(place + i)]);
      values[i] = values[i] > 0 ? values[i] : slope * values[i];
    }
    StoreRun(values, y + first);
  });
}

template <typename T>
__global__ void InputGradientKernel(SlopeIndex index, const T* slopes, const T* x, const T* dy,
                                    T* dx, int64_t count, bool add) {
  ForEachRun<T>(count, [&](auto size, int64_t first) {
    constexpr int kSize = decltype(size)::value;
    float inputs[kSize], values[kSize], before[kSize] = {};
    LoadRun(x + first, inputs);
    LoadRun(dy + first, values);
    if (add) LoadRun(dx + first, before);
    const uint32_t place = index.Place(first);
    for (int i = 0; i < kSize; ++i) {
      const float slope = ToFloat(slopes[index.Slope(place + i)]);
      values[i] = std::fma(inputs[i] > 0 ? 1.0f : slope, values[i], before[i]);
    }
    StoreRun(values, dx + first);
  });
}

// What an element adds to its slope's gradient: dy x where x <= 0.
template <typename T>
struct SlopeTerm {
  const T* x;
  const T* dy;

  template <int kSize>
  __device__ void operator()(RunSize<kSize> /*size*/, int64_t first, float (&values)[kSize]) const {
    float inputs[kSize];
    LoadRun(x + first, inputs);
    LoadRun(dy + first, values);
    for (int i = 0; i < kSize; ++i) values[i] = inputs[i] > 0 ? 0.0f : values[i] * inputs[i];
  }
};

// sums(parts, slopes), the grid being (slopes, parts): a block adds one slope's elements from
// part * part_size on, counted over the samples.
template <typename T>
__global__ void PartSumsKernel(SlopeTerm<T> term, SlopeIndex index, int64_t count,
                               int64_t part_size, float* sums, bool add) {
  const int64_t begin = blockIdx.y * part_size;
  const int64_t end = begin + part_size < count ? begin + part_size : count;
  float own = 0;
  for (int64_t i = begin + threadIdx.x; i < end; i += kThreads) {
    const int64_t row = i / index.share;
    const int64_t in_share = i - row * index.share;
    const int64_t slope = blockIdx.x;
    float value[1];
    term(RunSize<1>{}, row * index.period + slope * index.share + in_share, value);
    own += value[0];
  }
  const float sum = BlockSum<kThreads>(own);
  if (threadIdx.x > 0) return;
  float& out = sums[blockIdx.y * int64_t{gridDim.x} + blockIdx.x];
  out = add ? out + sum : sum;
}

class BoundPRelu : public BoundLayer {
 public:
  BoundPRelu(int64_t slopes, int64_t share, const LayerBinding& binding, const CudaDevice& device)
      : index_{static_cast<uint32_t>(slopes * share), static_cast<uint32_t>(share)},
        binding_(binding),
        device_(device) {
    Check(slopes * share <= INT32_MAX, "a sample of a PReLU has more than 2^31 values");
  }

  void Forward(const StepContext& /*context*/) override {
    const Tensor& y = binding_.output;
    WithFloatingType(y.dtype(), [&](auto element) {
      using T = decltype(element);
      Launch(ForwardKernel<T>, BlocksForRuns<T>(y.elements()), kThreads, device_.stream(), index_,
             Data<T>(binding_.parameters[0]), Data<T>(binding_.inputs[0]), Data<T>(y),
             y.elements());
    });
  }

  void Backward(const StepContext& context) override {
    WithFloatingType(binding_.output_gradient.dtype(), [&](auto element) {
      using T = decltype(element);
      if (binding_.input_gradients[0].present()) InputGradient<T>();
      if (binding_.parameter_gradients[0].present()) SlopeGradient<T>(context.accumulate);
    });
  }

 private:
  template <typename T>
  static T* Data(const Tensor& tensor) {
    return tensor.Flat<T>().data();
  }

  template <typename T>
  void InputGradient() {
    const Tensor& dx = binding_.input_gradients[0];
    Launch(InputGradientKernel<T>, BlocksForRuns<T>(dx.elements()), kThreads, device_.stream(),
           index_, Data<T>(binding_.parameters[0]), Data<T>(binding_.inputs[0]),
           Data<T>(binding_.output_gradient), Data<T>(dx), dx.elements(),
           binding_.add_input_gradient[0]);
  }

  // Slopes of single values are sums of columns; others have enough neighbours for a block.
  template <typename T>
  void SlopeGradient(bool accumulate) {
    const SlopeTerm<T> term = {Data<T>(binding_.inputs[0]), Data<T>(binding_.output_gradient)};
    const Tensor& gradient = binding_.parameter_gradients[0];
    float* sums = gradient.Flat<float>().data();
    const int64_t slopes = gradient.elements();
    if (index_.share == 1) {
      ColumnSums<T>(term, binding_.output.elements() / slopes, slopes, sums, accumulate, device_);
      return;
    }
    constexpr int64_t kPart = 16 * kThreads;
    constexpr int64_t kEnoughBlocks = 1024;
    const int64_t count = binding_.rows * int64_t{index_.share};
    const int64_t most = std::max<int64_t>(kEnoughBlocks / slopes, 1);
    const int64_t parts = std::clamp<int64_t>(count / kPart, 1, most);
    float* partial = parts > 1 ? device_.workspace().As<float>() : sums;
    Launch(PartSumsKernel<T>, dim3(static_cast<unsigned>(slopes), static_cast<unsigned>(parts)),
           kThreads, device_.stream(), term, index_, count, (count + parts - 1) / parts, partial,
           parts == 1 && accumulate);
    if (parts > 1) AddParts(partial, parts, slopes, sums, accumulate, device_.stream());
  }

  SlopeIndex index_;
  LayerBinding binding_;
  const CudaDevice& device_;
};

}  // namespace

std::unique_ptr<BoundLayer> PRelu::BindCuda(const LayerBinding& binding,
                                            const CudaScope& scope) const {
  return std::make_unique<BoundPRelu>(slopes_, Share(), binding, scope.device);
}

}  // namespace seve
