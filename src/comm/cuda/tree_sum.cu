#include <algorithm>

#include "comm/cuda/tree_sum.h"
#include "tensor/cuda/elements.cuh"
#include "tensor/cuda/launch.cuh"

namespace seve {
namespace {

// Parts that one kernel adds; more take several, each a level of the tree of 8.
constexpr int kMostParts = 8;

using Floats = Pack<float>;

__device__ float Add(float a, float b) { return a + b; }
__device__ Floats Add(const Floats& a, const Floats& b) {
  Floats sum;
  for (int i = 0; i < Floats::kSize; ++i) sum.values[i] = a.values[i] + b.values[i];
  return sum;
}

__device__ void Load(const float* from, float& value) { value = *from; }
__device__ void Load(const float* from, Floats& value) { value = Floats::Load(from); }
__device__ void Store(float value, float* to) { *to = value; }
__device__ void Store(const Floats& value, float* to) { value.Store(to); }

// One level: block row g adds parts g * kParts * distance, each `distance` from the next.
struct Level {
  const float* staged;
  int64_t pitch;
  int distance;
  const float* own_values;  // part `own`
  int own;                  // -1: all are staged
  float* sums;              // row g's at sums + g * sums_pitch
  int64_t sums_pitch;
  int64_t count;
  int64_t packs;  // this many times four floats, then single ones
};

template <typename Value, int kParts>
__device__ Value Sum(const Level& level, int first, int64_t at) {
  if constexpr (kParts == 1) {
    const float* part = first == level.own ? level.own_values : level.staged + first * level.pitch;
    Value value;
    Load(part + at, value);
    return value;
  } else {
    constexpr int kHalf = kParts / 2;
    const Value left = Sum<Value, kHalf>(level, first, at);
    return Add(left, Sum<Value, kHalf>(level, first + kHalf * level.distance, at));
  }
}

// An element's parts are all read before its sum is written, which may lie in one of them.
template <int kParts>
__global__ void TreeSumKernel(Level level) {
  const int64_t thread = static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  const int64_t threads = static_cast<int64_t>(gridDim.x) * blockDim.x;
  const int first = static_cast<int>(blockIdx.y) * kParts * level.distance;
  float* sums = level.sums + blockIdx.y * level.sums_pitch;
  for (int64_t pack = thread; pack < level.packs; pack += threads) {
    const int64_t at = pack * Floats::kSize;
    Store(Sum<Floats, kParts>(level, first, at), sums + at);
  }
  for (int64_t at = level.packs * Floats::kSize + thread; at < level.count; at += threads) {
    Store(Sum<float, kParts>(level, first, at), sums + at);
  }
}

void LaunchLevel(const Level& level, int parts, int rows, cudaStream_t stream) {
  const int64_t items = std::max(level.packs, level.count - level.packs * Floats::kSize);
  const dim3 blocks(BlocksFor(items, kThreads), static_cast<unsigned>(rows));
  switch (parts) {
    case 2:
      return Launch(TreeSumKernel<2>, blocks, kThreads, stream, level);
    case 4:
      return Launch(TreeSumKernel<4>, blocks, kThreads, stream, level);
    case 8:
      return Launch(TreeSumKernel<8>, blocks, kThreads, stream, level);
    default:
      throw std::logic_error("the parts of a tree sum are no power of two");
  }
}

}  // namespace

void TreeSumOnGpu(const StagedParts& parts, float* values, size_t count, cudaStream_t stream) {
  if (count == 0 || parts.parts == 1) return;
  const bool aligned = reinterpret_cast<uintptr_t>(values) % sizeof(Floats) == 0;
  Level level{.staged = parts.staged,
              .pitch = static_cast<int64_t>(parts.pitch),
              .distance = 1,
              .own_values = values,
              .own = parts.own,
              .sums = parts.staged,
              .sums_pitch = kMostParts * static_cast<int64_t>(parts.pitch),
              .count = static_cast<int64_t>(count),
              .packs = aligned ? static_cast<int64_t>(count) / Floats::kSize : 0};
  int left = parts.parts;
  for (; left > kMostParts; left /= kMostParts) {
    LaunchLevel(level, kMostParts, left / kMostParts, stream);
    level.own = -1;
    level.distance *= kMostParts;
    level.sums_pitch *= kMostParts;
  }
  level.sums = values;
  level.sums_pitch = 0;
  LaunchLevel(level, left, 1, stream);
}

}  // namespace seve
