#include "layers/cuda/bias_gradient.h"
#include "layers/cuda/column_sums.cuh"

namespace seve {
namespace {

// Multiplies an output gradient by the activation's slope in place, and gives it to be summed.
template <typename T>
struct SlopeTimesGradient {
  Activation activation;
  const T* known;  // what the slope reads: (rows, units); null without activation
  T* dy;           // (rows, units)

  template <int kSize>
  __device__ void operator()(RunSize<kSize> /*size*/, int64_t first, float (&values)[kSize]) const {
    LoadRun(dy + first, values);
    if (known == nullptr) return;
    float slopes[kSize];
    LoadRun(known + first, slopes);
    DispatchActivation(activation, [&](auto f) {
      for (float& slope : slopes) slope = f.Slope(slope, slope);
    });
    for (int i = 0; i < kSize; ++i) values[i] *= slopes[i];
    StoreRun(values, dy + first);
  }
};

}  // namespace

void SlopeAndBiasGradient(const Activation& activation, const Tensor& known, const Tensor& dy,
                          int64_t rows, const Tensor& gradient, bool add,
                          const CudaDevice& device) {
  WithFloatingType(dy.dtype(), [&](auto element) {
    using T = decltype(element);
    const bool active = activation.kind != ActivationKind::kNone;
    const SlopeTimesGradient<T> term = {activation, active ? known.Flat<T>().data() : nullptr,
                                        dy.Flat<T>().data()};
    ColumnSums<T>(term, rows, gradient.elements(), gradient.Flat<float>().data(), add, device);
  });
}

}  // namespace seve
