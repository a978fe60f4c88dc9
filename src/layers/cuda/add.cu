#include <algorithm>

#include "layers/add.h"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/runs.cuh"

namespace seve {
namespace {

constexpr int kMostTerms = 8;  // of one kernel

template <typename T>
struct Terms {
  const T* values[kMostTerms] = {};
  int count = 0;
};

// to = the sum of the terms, or += with `add`.
template <typename T>
__global__ void SumKernel(Terms<T> terms, T* to, int64_t count, bool add) {
  ForEachRun<T>(count, [&](auto size, int64_t first) {
    constexpr int kSize = decltype(size)::value;
    float sums[kSize], values[kSize];
    LoadRun(add ? to + first : terms.values[0] + first, sums);
    for (int term = add ? 0 : 1; term < terms.count; ++term) {
      LoadRun(terms.values[term] + first, values);
      for (int i = 0; i < kSize; ++i) sums[i] += values[i];
    }
    StoreRun(sums, to + first);
  });
}

void Sum(std::span<const Tensor> terms, const Tensor& to, bool add, cudaStream_t stream) {
  WithFloatingType(to.dtype(), [&](auto element) {
    using T = decltype(element);
    for (size_t begin = 0; begin < terms.size(); begin += kMostTerms) {
      Terms<T> some;
      const auto part = terms.subspan(begin, std::min<size_t>(kMostTerms, terms.size() - begin));
      for (const Tensor& term : part) some.values[some.count++] = term.Flat<T>().data();
      Launch(SumKernel<T>, BlocksForRuns<T>(to.elements()), kThreads, stream, some,
             to.Flat<T>().data(), to.elements(), add || begin > 0);
    }
  });
}

class BoundAdd : public BoundLayer {
 public:
  BoundAdd(const LayerBinding& binding, cudaStream_t stream) : binding_(binding), stream_(stream) {}

  void Forward(const StepContext& /*context*/) override {
    Sum(binding_.inputs, binding_.output, false, stream_);
  }

  void Backward(const StepContext& /*context*/) override {
    for (size_t i = 0; i < binding_.inputs.size(); ++i) {
      if (!binding_.input_gradients[i].present()) continue;
      Sum({&binding_.output_gradient, 1}, binding_.input_gradients[i],
          binding_.add_input_gradient[i], stream_);
    }
  }

 private:
  LayerBinding binding_;
  cudaStream_t stream_;
};

}  // namespace

std::unique_ptr<BoundLayer> Add::BindCuda(const LayerBinding& binding,
                                          const CudaScope& scope) const {
  return std::make_unique<BoundAdd>(binding, scope.device.stream());
}

}  // namespace seve
