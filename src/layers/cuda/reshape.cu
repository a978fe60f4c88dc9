#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/runs.cuh"
#include "layers/reshape.h"
#include "tensor/channels_last.h"

namespace seve {
namespace {

// How a sample lies: its row-major order seen as (channels, pixels), transposed.
struct Order {
  int64_t channels, pixels;

  // Where the place-th value in row-major order lies, and the other way round.
  __device__ int64_t InMemory(int64_t place) const {
    return channels == 1 ? place : ChannelsLastPlace(place, channels, pixels);
  }
  __device__ int64_t RowMajor(int64_t at) const {
    return channels == 1 ? at : ChannelsLastPlace(at, pixels, channels);
  }
};

Order OrderOf(const Shape& shape) {
  if (LiesRowMajor(shape)) return {1, shape.elements()};
  return {shape[0], shape[1] * shape[2]};
}

// Writes side by side; what is read is scattered, but every line of it is used while it is cached.
template <typename T>
__global__ void MoveKernel(Order from_order, Order to_order, const T* from, T* to, int64_t elements,
                           int64_t count, bool add) {
  ForEachRun<T>(count, [&](auto size, int64_t first) {
    constexpr int kSize = decltype(size)::value;
    float values[kSize];
    for (int i = 0; i < kSize; ++i) {
      const int64_t sample = (first + i) / elements;
      const int64_t place = to_order.RowMajor(first + i - sample * elements);
      values[i] = ToFloat(from[sample * elements + from_order.InMemory(place)]);
    }
    StoreOrAddRun(values, to + first, add);
  });
}

class BoundReshape : public BoundLayer {
 public:
  BoundReshape(const Shape& input, const Shape& output, const LayerBinding& binding,
               cudaStream_t stream)
      : input_(OrderOf(input)),
        output_(OrderOf(output)),
        elements_(input.elements()),
        binding_(binding),
        stream_(stream) {}

  void Forward(const StepContext& /*context*/) override {
    Move(input_, output_, binding_.inputs[0], binding_.output, false);
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dx = binding_.input_gradients[0];
    if (!dx.present()) return;
    Move(output_, input_, binding_.output_gradient, dx, binding_.add_input_gradient[0]);
  }

 private:
  void Move(Order from_order, Order to_order, const Tensor& from, const Tensor& to, bool add) {
    WithFloatingType(to.dtype(), [&](auto element) {
      using T = decltype(element);
      Launch(MoveKernel<T>, BlocksForRuns<T>(to.elements()), kThreads, stream_, from_order,
             to_order, from.Flat<T>().data(), to.Flat<T>().data(), elements_, to.elements(), add);
    });
  }

  Order input_, output_;
  int64_t elements_;  // of a sample
  LayerBinding binding_;
  cudaStream_t stream_;
};

}  // namespace

std::unique_ptr<BoundLayer> Reshape::BindCuda(const LayerBinding& binding,
                                              const CudaScope& scope) const {
  Check(!IsView(), "a view cannot be bound");
  return std::make_unique<BoundReshape>(input_, output_, binding, scope.device.stream());
}

}  // namespace seve
