#include "layers/cross_entropy.h"
#include "layers/cuda/row_losses.cuh"
#include "layers/elementary_functions.h"

namespace seve {
namespace {

struct CrossEntropyOfRow {
  const int32_t* targets;
  double smoothing;

  template <typename T>
  __device__ RowLoss operator()(const LossRow<T>& row, const RowTeam& team) const {
    const int64_t target = row.Target(targets);
    const float largest = row.Largest(team);
    double exponentials = 0, scores = 0;
    for (int64_t i = team.rank(); i < row.count; i += team.size()) {
      const float score = row.Score(i);
      exponentials += static_cast<double>(elementary::Exp(score - largest));
      scores += static_cast<double>(score);
    }
    exponentials = team.Sum(exponentials);
    if (smoothing > 0) scores = team.Sum(scores);
    const bool is_first = row.TargetIsFirstLargest(team, target, largest);
    if (target < 0) return row.Reject(team);

    double target_score = static_cast<double>(row.Score(target));
    if (smoothing > 0) {
      target_score =
          (1 - smoothing) * target_score + smoothing * scores / static_cast<double>(row.count);
    }
    const double loss = std::log(exponentials) + static_cast<double>(largest) - target_score;
    if (row.gradient != nullptr) WriteGradient(row, team, target, largest, exponentials);
    return {loss, is_first && !std::isnan(loss)};
  }

  // scale (exp(s_i - largest) / sum - t_i).
  template <typename T>
  __device__ void WriteGradient(const LossRow<T>& row, const RowTeam& team, int64_t target,
                                float largest, double sum) const {
    const auto scale = static_cast<double>(row.scale);
    const auto factor = static_cast<float>(scale / sum);
    const auto each = static_cast<float>(scale * smoothing / static_cast<double>(row.count));
    const auto own = static_cast<float>(scale * (1 - smoothing));
    for (int64_t i = team.rank(); i < row.count; i += team.size()) {
      const float other = std::fma(elementary::Exp(row.Score(i) - largest), factor, -each);
      row.SetGradient(i, i == target ? other - own : other);
    }
  }
};

}  // namespace

std::unique_ptr<BoundCudaLoss> CrossEntropy::BindCuda(const LossBinding& binding,
                                                      const CudaScope& scope,
                                                      LossSums* sums) const {
  const CrossEntropyOfRow of_row = {binding.target.Flat<int32_t>().data(), label_smoothing_};
  return std::make_unique<BoundRowLoss<CrossEntropyOfRow>>(of_row, 1, binding, scope, sums);
}

}  // namespace seve
