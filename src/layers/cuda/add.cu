#include <algorithm>

#include "layers/add.h"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/elementwise.h"
#include "layers/cuda/runs.cuh"

namespace seve {
namespace {

constexpr int kMostTerms = 8;  // of one kernel

template <typename T>
struct Terms {
  const T* values[kMostTerms] = {};
  int count = 0;
};

// to = f(the sum of the terms), of to as well with `add`.
template <typename T>
__global__ void SumKernel(Terms<T> terms, Activation activation, T* to, int64_t count, bool add) {
  ForEachRun<T>(count, [&](auto size, int64_t first) {
    constexpr int kSize = decltype(size)::value;
    float sums[kSize], values[kSize];
    LoadRun(add ? to + first : terms.values[0] + first, sums);
    for (int term = add ? 0 : 1; term < terms.count; ++term) {
      LoadRun(terms.values[term] + first, values);
      for (int i = 0; i < kSize; ++i) sums[i] += values[i];
    }
    DispatchActivation(activation, [&](auto f) {
      for (float& sum : sums) sum = f.Value(sum);
    });
    StoreRun(sums, to + first);
  });
}

void Sum(std::span<const Tensor> terms, const Activation& activation, const Tensor& to, bool add,
         cudaStream_t stream) {
  WithFloatingType(to.dtype(), [&](auto element) {
    using T = decltype(element);
    for (size_t begin = 0; begin < terms.size(); begin += kMostTerms) {
      Terms<T> some;
      const auto part = terms.subspan(begin, std::min<size_t>(kMostTerms, terms.size() - begin));
      for (const Tensor& term : part) some.values[some.count++] = term.Flat<T>().data();
      const bool last = begin + kMostTerms >= terms.size();
      Launch(SumKernel<T>, BlocksForRuns<T>(to.elements()), kThreads, stream, some,
             last ? activation : Activation{}, to.Flat<T>().data(), to.elements(),
             add || begin > 0);
    }
  });
}

class BoundAdd : public BoundLayer {
 public:
  BoundAdd(const Activation& activation, const LayerBinding& binding, cudaStream_t stream)
      : activation_(activation), binding_(binding), sums_(binding.output), stream_(stream) {
    const bool kept = binding.training && SlopeNeedsInput(activation);
    if (kept) {
      sums_ = Tensor(binding.workspace.memory(), binding.output.dtype(), binding.output.shape());
    }
    at_once_ = !kept;
  }

  void Forward(const StepContext& /*context*/) override {
    Sum(binding_.inputs, at_once_ ? activation_ : Activation{}, sums_, false, stream_);
    if (!at_once_) ApplyActivation(activation_, sums_, binding_.output, stream_);
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dy = binding_.output_gradient;
    for (size_t i = 0; i < binding_.inputs.size(); ++i) {
      const Tensor& dx = binding_.input_gradients[i];
      if (!dx.present()) continue;
      if (activation_.kind == ActivationKind::kNone) {
        Sum({&dy, 1}, {}, dx, binding_.add_input_gradient[i], stream_);
      } else {
        ActivationGradient(activation_, sums_, dy, dx, binding_.add_input_gradient[i], stream_);
      }
    }
  }

 private:
  Activation activation_;
  LayerBinding binding_;
  Tensor sums_;   // what the derivative is computed from: the workspace, otherwise the output
  bool at_once_;  // sum and activation
  cudaStream_t stream_;
};

}  // namespace

std::unique_ptr<BoundLayer> Add::BindCuda(const LayerBinding& binding,
                                          const CudaScope& scope) const {
  return std::make_unique<BoundAdd>(activation_, binding, scope.device.stream());
}

}  // namespace seve
