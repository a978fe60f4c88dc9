#include "layers/cuda/cuda_scope.h"
#include "layers/maxout.h"
#include "tensor/cuda/elements.cuh"
#include "tensor/cuda/launch.cuh"

namespace seve {
namespace {

// NaN is the largest of all.
__device__ bool IsLarger(float value, float than) { return value > than || value != value; }

// y(count) = the largest of each of values(count, pieces), and which one it was.
template <typename T>
__global__ void ForwardKernel(const T* values, T* y, int32_t* winners, int64_t count,
                              int64_t pieces) {
  const int64_t threads = int64_t{gridDim.x} * blockDim.x;
  for (int64_t i = int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count; i += threads) {
    const T* z = values + i * pieces;
    float largest = ToFloat(z[0]);
    int32_t winner = 0;
    for (int32_t k = 1; k < pieces; ++k) {
      const float value = ToFloat(z[k]);
      if (!IsLarger(value, largest)) continue;
      largest = value;
      winner = k;
    }
    winners[i] = winner;
    y[i] = z[winner];
  }
}

// gradients(count, pieces) = dy(count) for the winners, 0 for the others.
template <typename T>
__global__ void BackwardKernel(const T* dy, const int32_t* winners, T* gradients, int64_t count,
                               int64_t pieces) {
  const int64_t threads = int64_t{gridDim.x} * blockDim.x;
  for (int64_t i = int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < count; i += threads) {
    for (int32_t k = 0; k < pieces; ++k) {
      gradients[i * pieces + k] = k == winners[i] ? dy[i] : FromFloat<T>(0.0f);
    }
  }
}

// The pieces are a linear layer of their own, whose output and output gradient are the workspace.
class BoundMaxout : public BoundLayer {
 public:
  BoundMaxout(const Linear& linear, int64_t pieces, const LayerBinding& binding,
              const CudaScope& scope)
      : pieces_(pieces),
        output_(binding.output),
        output_gradient_(binding.output_gradient),
        values_(binding.workspace.memory(), output_.dtype(),
                linear.output().WithRows(binding.rows)),
        winners_(static_cast<int32_t*>(binding.workspace.memory()) + output_.elements() * pieces),
        stream_(scope.device.stream()) {
    LayerBinding inner = binding;
    inner.output = values_;
    inner.output_gradient = values_;  // a linear layer's backward pass reads no output
    inner.workspace = {};
    linear_ = linear.BindCuda(inner, scope);
  }

  void Forward(const StepContext& context) override {
    linear_->Forward(context);
    const int64_t count = output_.elements();
    WithFloatingType(output_.dtype(), [&](auto element) {
      using T = decltype(element);
      Launch(ForwardKernel<T>, BlocksFor(count, kThreads), kThreads, stream_,
             values_.Flat<T>().data(), output_.Flat<T>().data(), winners_, count, pieces_);
    });
  }

  void Backward(const StepContext& context) override {
    const int64_t count = output_.elements();
    WithFloatingType(output_.dtype(), [&](auto element) {
      using T = decltype(element);
      Launch(BackwardKernel<T>, BlocksFor(count, kThreads), kThreads, stream_,
             output_gradient_.Flat<T>().data(), winners_, values_.Flat<T>().data(), count, pieces_);
    });
    linear_->Backward(context);
  }

 private:
  int64_t pieces_;
  Tensor output_, output_gradient_;
  Tensor values_;     // (N, units, pieces), in backward the gradients
  int32_t* winners_;  // (N, units)
  cudaStream_t stream_;
  std::unique_ptr<BoundLayer> linear_;
};

}  // namespace

std::unique_ptr<BoundLayer> Maxout::BindCuda(const LayerBinding& binding,
                                             const CudaScope& scope) const {
  return std::make_unique<BoundMaxout>(linear_, pieces_, binding, scope);
}

}  // namespace seve
