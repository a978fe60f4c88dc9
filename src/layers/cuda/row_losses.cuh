// Losses that are sums over rows of scores: the one kernel around what a loss does with a row.
#pragma once

#include <algorithm>
#include <cmath>

#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/row_team.cuh"
#include "layers/loss.h"
#include "tensor/cuda/elements.cuh"
#include "tensor/cuda/launch.cuh"
#include "tensor/cuda/reduce.cuh"

namespace seve {

struct RowLoss {
  double loss;
  bool correct;
};

// One row; count is 0 for a team that has none, which takes part in sums all the same.
template <typename T>
struct LossRow {
  int64_t index, count;
  const T* scores;
  T* gradient;  // null: none is wanted
  bool add_gradient;
  float scale;  // of the gradient

  [[nodiscard]] __device__ float Score(int64_t i) const { return ToFloat(scores[i]); }
  __device__ void SetGradient(int64_t i, float value) const {
    gradient[i] = FromFloat<T>(add_gradient ? ToFloat(gradient[i]) + value : value);
  }

  // The largest score; a NaN may be passed over.
  [[nodiscard]] __device__ float Largest(const RowTeam& team) const {
    float largest = -INFINITY;
    for (int64_t i = team.rank(); i < count; i += team.size()) {
      const float score = Score(i);
      largest = score > largest ? score : largest;
    }
    return team.Largest(largest);
  }

  // The row's class; -1 where it is none.
  [[nodiscard]] __device__ int64_t Target(const int32_t* targets) const {
    const int64_t target = count > 0 ? targets[index] : -1;
    return target < count ? target : -1;
  }

  // True when the target has the highest score, `largest`; among equals the first counts as the
  // highest. Rows that hold NaN need the caller's own check.
  [[nodiscard]] __device__ bool TargetIsFirstLargest(const RowTeam& team, int64_t target,
                                                     float largest) const {
    int equal_before = 0;
    for (int64_t i = team.rank(); i < target; i += team.size()) {
      equal_before += Score(i) == largest ? 1 : 0;
    }
    return team.Sum(equal_before) == 0 && target >= 0 && Score(target) == largest;
  }

  // What becomes of a row whose target is no class: its loss is not a number.
  [[nodiscard]] __device__ RowLoss Reject(const RowTeam& team) const {
    for (int64_t i = team.rank(); gradient != nullptr && i < count; i += team.size()) {
      SetGradient(i, 0);
    }
    return {NAN, false};
  }
};

// Where the kernel reads and writes. `partial`: one a block; `arrived`: 0 between launches.
template <typename T>
struct LossMemory {
  int64_t rows, width;
  const T* scores;
  T* gradient;
  bool add_gradient;
  float scale;              // of the gradient
  const float* loss_scale;  // as well, where there is one
  double sum_scale;         // of the loss
  LossSums* partial;
  uint32_t* arrived;
  LossSums* sums;
};

// Adds the blocks' sums in order: the work of the block that arrives last, whichever it is.
template <typename T>
__device__ void AddBlocks(const LossMemory<T>& memory, double loss, double correct) {
  __shared__ bool is_last;
  if (threadIdx.x == 0) {
    memory.partial[blockIdx.x].loss = loss;
    memory.partial[blockIdx.x].correct = correct;
    __threadfence();
    is_last = atomicAdd(memory.arrived, 1u) == gridDim.x - 1;
  }
  __syncthreads();
  if (!is_last) return;
  __threadfence();
  loss = correct = 0;
  for (unsigned block = threadIdx.x; block < gridDim.x; block += kThreads) {
    loss += memory.partial[block].loss;
    correct += memory.partial[block].correct;
  }
  loss = BlockSum<kThreads>(loss);
  correct = BlockSum<kThreads>(correct);
  if (threadIdx.x > 0) return;
  memory.sums->loss = loss * memory.sum_scale;
  memory.sums->weight = static_cast<double>(memory.rows);
  memory.sums->correct = correct;
  *memory.arrived = 0;
}

// of_row(row, team) writes the row's gradient and returns its loss, in all threads of the team.
template <typename T, typename OfRow>
__global__ void RowLossesKernel(OfRow of_row, LossMemory<T> memory, RowTeam team) {
  const int64_t teams = kThreads / team.size();  // of a block
  const int64_t own = static_cast<int64_t>(threadIdx.x) / team.size();
  const float loss_scale = memory.loss_scale != nullptr ? *memory.loss_scale : 1.0f;
  double loss = 0, correct = 0;
  for (int64_t first = blockIdx.x * teams; first < memory.rows; first += gridDim.x * teams) {
    LossRow<T> row = {};
    if (first + own < memory.rows) {
      row.index = first + own;
      row.count = memory.width;
      row.scores = memory.scores + row.index * memory.width;
      if (memory.gradient != nullptr) row.gradient = memory.gradient + row.index * memory.width;
      row.add_gradient = memory.add_gradient;
      row.scale = memory.scale * loss_scale;
    }
    const RowLoss found = of_row(row, team);
    if (row.count == 0 || team.rank() > 0) continue;
    loss += found.loss;
    correct += found.correct ? 1 : 0;
  }
  AddBlocks(memory, BlockSum<kThreads>(loss), BlockSum<kThreads>(correct));
}

// A loss of which OfRow computes one row.
template <typename OfRow>
class BoundRowLoss : public BoundCudaLoss {
 public:
  // `factor`: of the losses' sum, beside the binding's scale.
  BoundRowLoss(const OfRow& of_row, double factor, const LossBinding& binding,
               const CudaScope& scope, LossSums* sums)
      : of_row_(of_row),
        factor_(factor * static_cast<double>(binding.scale)),
        binding_(binding),
        loss_scale_(scope.loss_scale),
        sums_(sums),
        stream_(scope.device.stream()),
        partial_(kMostBlocks * sizeof(LossSums)),
        arrived_(sizeof(uint32_t)) {}

  void Run() override {
    const Tensor& scores = binding_.scores;
    const int64_t width = scores.elements() / std::max<int64_t>(binding_.rows, 1);
    const RowTeam team = {width > kWidestOfWarp};
    const int64_t teams = team.whole_block ? 1 : kThreads / 32;
    const int64_t blocks = std::min<int64_t>(BlocksFor(binding_.rows, teams), kMostBlocks);
    WithFloatingType(scores.dtype(), [&](auto element) {
      using T = decltype(element);
      const LossMemory<T> memory = {.rows = binding_.rows,
                                    .width = width,
                                    .scores = scores.Flat<T>().data(),
                                    .gradient = binding_.scores_gradient.present()
                                                    ? binding_.scores_gradient.Flat<T>().data()
                                                    : nullptr,
                                    .add_gradient = binding_.add_gradient,
                                    .scale = binding_.scale,
                                    .loss_scale = loss_scale_,
                                    .sum_scale = factor_,
                                    .partial = partial_.As<LossSums>(),
                                    .arrived = arrived_.As<uint32_t>(),
                                    .sums = sums_};
      Launch(RowLossesKernel<T, OfRow>, static_cast<unsigned>(blocks), kThreads, stream_, of_row_,
             memory, team);
    });
  }

 private:
  static constexpr int64_t kWidestOfWarp = 1024;
  static constexpr int64_t kMostBlocks = 1024;

  OfRow of_row_;
  double factor_;
  LossBinding binding_;
  const float* loss_scale_;
  LossSums* sums_;
  cudaStream_t stream_;
  DeviceBuffer partial_, arrived_;
};

}  // namespace seve
