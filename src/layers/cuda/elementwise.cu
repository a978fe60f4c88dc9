#include "layers/cuda/elementwise.h"
#include "layers/cuda/runs.cuh"

// The activation is chosen by a branch for each run of elements: an instantiation for each of them
// would cost more to compile than the branch, which all threads take alike.
namespace seve {
namespace {

template <typename T>
__global__ void ApplyKernel(Activation activation, const T* x, T* y, int64_t count) {
  ForEachRun<T>(count, [&](auto size, int64_t first) {
    float values[decltype(size)::value];
    LoadRun(x + first, values);
    DispatchActivation(activation, [&](auto f) {
      for (float& value : values) value = f.Value(value);
    });
    StoreRun(values, y + first);
  });
}

template <typename T>
__global__ void GradientKernel(Activation activation, const T* known, const T* dy, T* dx,
                               int64_t count, bool add) {
  ForEachRun<T>(count, [&](auto size, int64_t first) {
    constexpr int kSize = decltype(size)::value;
    float slopes[kSize], values[kSize], before[kSize] = {};
    LoadRun(known + first, slopes);
    LoadRun(dy + first, values);
    if (add) LoadRun(dx + first, before);
    DispatchActivation(activation, [&](auto f) {
      for (float& slope : slopes) slope = f.Slope(slope, slope);
    });
    for (int i = 0; i < kSize; ++i) values[i] = std::fma(values[i], slopes[i], before[i]);
    StoreRun(values, dx + first);
  });
}

}  // namespace

void ApplyActivation(const Activation& activation, const Tensor& x, const Tensor& y,
                     cudaStream_t stream) {
  WithFloatingType(y.dtype(), [&](auto element) {
    using T = decltype(element);
    Launch(ApplyKernel<T>, BlocksForRuns<T>(y.elements()), kThreads, stream, activation,
           x.Flat<T>().data(), y.Flat<T>().data(), y.elements());
  });
}

void ActivationGradient(const Activation& activation, const Tensor& known, const Tensor& dy,
                        const Tensor& dx, bool add, cudaStream_t stream) {
  WithFloatingType(dx.dtype(), [&](auto element) {
    using T = decltype(element);
    Launch(GradientKernel<T>, BlocksForRuns<T>(dx.elements()), kThreads, stream, activation,
           known.Flat<T>().data(), dy.Flat<T>().data(), dx.Flat<T>().data(), dx.elements(), add);
  });
}

}  // namespace seve
