#include <algorithm>

#include "base/error.h"
#include "model/cuda/arena_kernels.h"
#include "model/element_hash.h"
#include "model/penalty_terms.h"
#include "tensor/cuda/fours.cuh"
#include "tensor/cuda/launch.cuh"
#include "tensor/cuda/reduce.cuh"

namespace seve {
namespace {

// Fixed: what a block sums, and so the bits of a sum, are the same on every GPU.
constexpr unsigned kMostBlocks = 1024;

unsigned BlocksOf(size_t count) {
  return std::min(kMostBlocks, BlocksFor(static_cast<int64_t>(count), int64_t{4} * kThreads));
}

struct Square {
  __device__ double operator()(float value) const {
    return static_cast<double>(value) * static_cast<double>(value);
  }
};

template <typename Term>
__global__ void SumWithinBlocks(const Term term, const float* __restrict__ values,
                                const size_t count, double* __restrict__ of_blocks) {
  double sum = 0;
  ForEachFour(count, [&](auto size, size_t i) {
    const auto group = Group<float, decltype(size)::value>::Load(values + i);
    for (const float value : group.values) sum += term(value);
  });
  sum = BlockSum<kThreads>(sum);
  if (threadIdx.x == 0) of_blocks[blockIdx.x] = sum;
}

__global__ void SumOverBlocks(const double* __restrict__ of_blocks, const unsigned blocks,
                              const bool first, double* __restrict__ result) {
  double sum = 0;
  for (unsigned block = threadIdx.x; block < blocks; block += kThreads) sum += of_blocks[block];
  sum = BlockSum<kThreads>(sum);
  if (threadIdx.x == 0) *result = first ? sum : *result + sum;
}

// *result = sum of term(value) over the values, added to what is there unless `first`.
template <typename Term>
void EnqueueSum(const Term term, const float* values, size_t count, bool first, double* result,
                const CudaDevice& device) {
  const unsigned blocks = BlocksOf(count);
  Check(device.workspace().size() >= kMostBlocks * sizeof(double),
        "a GPU's workspace is too small");
  auto* of_blocks = device.workspace().As<double>();
  Launch(SumWithinBlocks<Term>, blocks, kThreads, device.stream(), term, values, count, of_blocks);
  Launch(SumOverBlocks, 1, kThreads, device.stream(), of_blocks, blocks, first, result);
}

__global__ void AddHashes(const float* __restrict__ values, const size_t count,
                          unsigned long long* __restrict__ hash) {
  unsigned long long sum = 0;
  ForEachFour(count, [&](auto size, size_t i) {
    constexpr int kSize = decltype(size)::value;
    const auto group = Group<float, kSize>::Load(values + i);
    for (int k = 0; k < kSize; ++k) sum += ElementHash(i + k, group.values[k]);
  });
  sum = BlockSum<kThreads>(sum);
  if (threadIdx.x == 0) atomicAdd(hash, sum);
}

}  // namespace

void SumOfSquares(const float* values, size_t count, bool first, double* result,
                  const CudaDevice& device) {
  EnqueueSum(Square{}, values, count, first, result, device);
}

void PenaltyValue(const float* w, size_t count, float l1, float l2, bool first, double* value,
                  const CudaDevice& device) {
  const PenaltyTerm term = {.l1 = l1, .half_l2 = 0.5 * static_cast<double>(l2)};
  EnqueueSum(term, w, count, first, value, device);
}

void HashParameters(const float* values, size_t count, uint64_t* hash, const CudaDevice& device) {
  static_assert(sizeof(unsigned long long) == sizeof(uint64_t));  // atomicAdd knows the former
  Launch(AddHashes, BlocksOf(count), kThreads, device.stream(), values, count,
         reinterpret_cast<unsigned long long*>(hash));
}

}  // namespace seve
