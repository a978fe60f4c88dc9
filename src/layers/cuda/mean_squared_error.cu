#include "layers/cuda/row_losses.cuh"
#include "layers/mean_squared_error.h"

namespace seve {
namespace {

// Sum of (s_i - expected(i))^2; the gradient is 2 scale/m times the difference.
template <typename T, typename Expected>
__device__ double SquaredError(const LossRow<T>& row, const RowTeam& team, Expected expected) {
  const float factor = 2 * row.scale / static_cast<float>(row.count);
  double sum = 0;
  for (int64_t i = team.rank(); i < row.count; i += team.size()) {
    const float score = row.Score(i), value = expected(i);
    const double difference = static_cast<double>(score) - static_cast<double>(value);
    sum += difference * difference;
    if (row.gradient != nullptr) row.SetGradient(i, factor * (score - value));
  }
  return team.Sum(sum);
}

struct ErrorAgainstClass {
  const int32_t* targets;

  template <typename T>
  __device__ RowLoss operator()(const LossRow<T>& row, const RowTeam& team) const {
    const int64_t target = row.Target(targets);
    const bool is_first = row.TargetIsFirstLargest(team, target, row.Largest(team));
    LossRow<T> written = row;
    if (target < 0) written.gradient = nullptr;
    const double loss =
        SquaredError(written, team, [=](int64_t i) { return i == target ? 1.0f : 0.0f; });
    if (target < 0) return row.Reject(team);
    return {loss, is_first && !std::isnan(loss)};
  }
};

struct ErrorAgainstValues {
  const void* values;  // (N, outputs), of the scores' type

  template <typename T>
  __device__ RowLoss operator()(const LossRow<T>& row, const RowTeam& team) const {
    const T* own = static_cast<const T*>(values) + row.index * row.count;
    return {SquaredError(row, team, [=](int64_t i) { return ToFloat(own[i]); }), false};
  }
};

template <typename OfRow>
std::unique_ptr<BoundCudaLoss> Bind(const OfRow& of_row, const LossBinding& binding,
                                    const CudaScope& scope, LossSums* sums) {
  const int64_t all = binding.scores.elements();
  const double factor = all > 0 ? static_cast<double>(binding.rows) / static_cast<double>(all) : 0;
  return std::make_unique<BoundRowLoss<OfRow>>(of_row, factor, binding, scope, sums);
}

}  // namespace

std::unique_ptr<BoundCudaLoss> MeanSquaredError::BindCuda(const LossBinding& binding,
                                                          const CudaScope& scope,
                                                          LossSums* sums) const {
  if (class_targets_) {
    const ErrorAgainstClass of_row = {binding.target.Flat<int32_t>().data()};
    return Bind(of_row, binding, scope, sums);
  }
  Check(binding.target.dtype() == binding.scores.dtype(), "targets have another type than scores");
  return Bind(ErrorAgainstValues{binding.target.memory()}, binding, scope, sums);
}

}  // namespace seve
