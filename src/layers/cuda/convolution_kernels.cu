#include "layers/cuda/convolution_kernels.h"
#include "layers/cuda/runs.cuh"

namespace seve {
namespace {

// to(matrices, columns, rows) = the transposes of from(matrices, rows, columns), or +=.
template <typename From, typename To>
__global__ void TransposeKernel(const From* from, To* to, int64_t count, int64_t rows,
                                int64_t columns, bool add) {
  const int64_t thread = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  const int64_t threads = int64_t{gridDim.x} * blockDim.x;
  for (int64_t i = thread; i < count; i += threads) {
    const int64_t matrix = i / (rows * columns);
    const int64_t row = i % rows;
    const int64_t column = i / rows % columns;
    const float value = ToFloat(from[(matrix * rows + row) * columns + column]);
    to[i] = FromFloat<To>(add ? ToFloat(to[i]) + value : value);
  }
}

template <typename T>
__global__ void BiasKernel(Activation activation, const T* bias, int64_t channels, T* sums, T* y,
                           int64_t count) {
  ForEachRun<T>(count, [&](auto size, int64_t first) {
    constexpr int kSize = decltype(size)::value;
    float values[kSize];
    LoadRun(sums + first, values);
    int64_t channel = first % channels;
    for (float& value : values) {
      value += ToFloat(bias[channel]);
      if (++channel == channels) channel = 0;
    }
    if (sums != y) StoreRun(values, sums + first);
    DispatchActivation(activation, [&](auto f) {
      for (float& value : values) value = f.Value(value);
    });
    StoreRun(values, y + first);
  });
}

}  // namespace

void FiltersToChannelsLast(const Tensor& weight, const Shape& shape, void* to,
                           cudaStream_t stream) {
  WithFloatingType(weight.dtype(), [&](auto element) {
    using T = decltype(element);
    Launch(TransposeKernel<T, T>, BlocksFor(weight.elements(), kThreads), kThreads, stream,
           weight.Flat<T>().data(), static_cast<T*>(to), weight.elements(), shape[1],
           shape[2] * shape[3], false);
  });
}

void FiltersFromChannelsLast(const Tensor& from, const Shape& shape, const Tensor& gradient,
                             bool add, cudaStream_t stream) {
  WithFloatingType(from.dtype(), [&](auto element) {
    using T = decltype(element);
    Launch(TransposeKernel<T, float>, BlocksFor(gradient.elements(), kThreads), kThreads, stream,
           from.Flat<T>().data(), gradient.Flat<float>().data(), gradient.elements(),
           shape[2] * shape[3], shape[1], add);
  });
}

void BiasAndActivation(const Activation& activation, const Tensor& bias, const Tensor& sums,
                       const Tensor& y, cudaStream_t stream) {
  WithFloatingType(y.dtype(), [&](auto element) {
    using T = decltype(element);
    Launch(BiasKernel<T>, BlocksForRuns<T>(y.elements()), kThreads, stream, activation,
           bias.Flat<T>().data(), bias.elements(), sums.Flat<T>().data(), y.Flat<T>().data(),
           y.elements());
  });
}

}  // namespace seve
