#include "model/cuda/arena_kernels.h"
#include "model/penalty_terms.h"
#include "tensor/cuda/elements.cuh"
#include "tensor/cuda/fours.cuh"
#include "tensor/cuda/launch.cuh"

namespace seve {
namespace {

unsigned BlocksOf(size_t count) {
  return BlocksFor(static_cast<int64_t>(count), int64_t{4} * kThreads);
}

__global__ void Add(float* __restrict__ sum, const float* __restrict__ more, const size_t count) {
  ForEachFour(count, [&](auto size, size_t i) {
    using Floats = Group<float, decltype(size)::value>;
    Floats left = Floats::Load(sum + i);
    const Floats right = Floats::Load(more + i);
    for (int k = 0; k < size; ++k) left.values[k] += right.values[k];
    left.Store(sum + i);
  });
}

__global__ void AddSlopes(const float* __restrict__ w, float* __restrict__ gradient,
                          const size_t count, const float l1, const float l2,
                          const double* __restrict__ scale) {
  const PenaltySlope slope = {.l1 = static_cast<float>(*scale * l1),
                              .l2 = static_cast<float>(*scale * l2)};
  ForEachFour(count, [&](auto size, size_t i) {
    using Floats = Group<float, decltype(size)::value>;
    const Floats parameters = Floats::Load(w + i);
    Floats gradients = Floats::Load(gradient + i);
    for (int k = 0; k < size; ++k) gradients.values[k] += slope(parameters.values[k]);
    gradients.Store(gradient + i);
  });
}

template <typename From, typename To>
__global__ void Convert(const From* __restrict__ from, To* __restrict__ to, const size_t count) {
  ForEachFour(count, [&](auto size, size_t i) {
    constexpr int kSize = decltype(size)::value;
    const auto input = Group<From, kSize>::Load(from + i);
    Group<To, kSize> output;
    for (int k = 0; k < kSize; ++k) {
      output.values[k] = FromFloat<To>(ToFloat(input.values[k]));
    }
    output.Store(to + i);
  });
}

}  // namespace

void AddInto(float* sum, const float* more, size_t count, const CudaDevice& device) {
  Launch(Add, BlocksOf(count), kThreads, device.stream(), sum, more, count);
}

void AddPenaltyGradient(const float* w, float* gradient, size_t count, float l1, float l2,
                        const double* scale, const CudaDevice& device) {
  Launch(AddSlopes, BlocksOf(count), kThreads, device.stream(), w, gradient, count, l1, l2, scale);
}

void NarrowCopy(const float* from, void* to, DType type, size_t count, const CudaDevice& device) {
  WithFloatingType(type, [&](auto element) {
    using To = decltype(element);
    Launch(Convert<float, To>, BlocksOf(count), kThreads, device.stream(), from,
           static_cast<To*>(to), count);
  });
}

void Widen(const void* from, DType type, float* to, size_t count, const CudaDevice& device) {
  WithFloatingType(type, [&](auto element) {
    using From = decltype(element);
    Launch(Convert<From, float>, BlocksOf(count), kThreads, device.stream(),
           static_cast<const From*>(from), to, count);
  });
}

}  // namespace seve
