#include "layers/cuda/row_losses.cuh"
#include "layers/hinge.h"

namespace seve {
namespace {

struct HingeOfRow {
  const int32_t* targets;
  float margin;

  template <typename T>
  __device__ RowLoss operator()(const LossRow<T>& row, const RowTeam& team) const {
    const int64_t target = row.Target(targets);
    const float target_score = target >= 0 ? row.Score(target) : 0.0f;
    const float offset = margin - target_score;
    double loss = 0;
    int violations = 0;  // by scores other than the target's
    for (int64_t i = team.rank(); i < row.count; i += team.size()) {
      const float violation = offset + row.Score(i);
      if (i == target && !std::isnan(violation)) continue;
      loss += violation < 0 ? 0.0 : static_cast<double>(violation);
      violations += violation > 0 ? 1 : 0;
    }
    loss = team.Sum(loss);
    violations = team.Sum(violations);
    const bool is_first = row.TargetIsFirstLargest(team, target, row.Largest(team));
    if (target < 0) return row.Reject(team);
    if (row.gradient != nullptr) WriteGradient(row, team, target, offset, violations);
    return {loss, is_first && !std::isnan(loss)};
  }

  // scale/m for every i that violates the margin, -scale/m times their number for the target.
  template <typename T>
  __device__ void WriteGradient(const LossRow<T>& row, const RowTeam& team, int64_t target,
                                float offset, int violations) const {
    const float unit = row.scale / static_cast<float>(row.count);
    for (int64_t i = team.rank(); i < row.count; i += team.size()) {
      const float other = offset + row.Score(i) > 0 ? unit : 0.0f;
      row.SetGradient(i, i == target ? -unit * static_cast<float>(violations) : other);
    }
  }
};

}  // namespace

std::unique_ptr<BoundCudaLoss> Hinge::BindCuda(const LossBinding& binding, const CudaScope& scope,
                                               LossSums* sums) const {
  const HingeOfRow of_row = {binding.target.Flat<int32_t>().data(), margin_};
  const double factor = 1 / static_cast<double>(binding.scores.shape()[1]);
  return std::make_unique<BoundRowLoss<HingeOfRow>>(of_row, factor, binding, scope, sums);
}

}  // namespace seve
