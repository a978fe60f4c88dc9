#include "layers/loss_testing.h"

#include <algorithm>
#include <cmath>

#include "layers/cross_entropy.h"
#include "layers/hinge.h"
#include "layers/mean_squared_error.h"

namespace seve::testing {
namespace {

double CrossEntropyRow(const double* s, int64_t m, int64_t target) {
  double sum = 0;
  for (int64_t i = 0; i < m; ++i) sum += std::exp(s[i] - s[target]);
  return std::log(sum);
}

double SmoothedRow(const double* s, int64_t m, int64_t target) {
  const double own = CrossEntropyRow(s, m, target);
  double all = 0;  // of the rows with each class as the target
  for (int64_t i = 0; i < m; ++i) all += own + s[target] - s[i];
  return 0.75 * own + 0.25 * all / static_cast<double>(m);
}

double HingeRow(const double* s, int64_t m, int64_t target) {
  double sum = 0;
  for (int64_t i = 0; i < m; ++i) {
    if (i != target) sum += std::max(0.0, 0.75 - s[target] + s[i]);
  }
  return sum / static_cast<double>(m);
}

double SquaredRow(const double* s, int64_t m, int64_t target) {
  double sum = 0;
  for (int64_t i = 0; i < m; ++i) sum += std::pow(s[i] - (i == target ? 1 : 0), 2);
  return sum / static_cast<double>(m);
}

}  // namespace

LossRun::LossRun(const Loss& loss, int64_t rows, int64_t classes, const LossRunOptions& options)
    : scores(Uniform(rows * classes, 1)),
      gradient(static_cast<size_t>(rows * classes), kBefore),
      targets(static_cast<size_t>(rows)) {
  for (float& score : scores) score *= 4;
  for (size_t row = 0; row < targets.size(); ++row) {
    targets[row] = static_cast<int32_t>((row * 7 + 2) % static_cast<size_t>(classes));
  }
  LossBinding binding;
  binding.rows = rows;
  binding.scores = Tensor(scores.data(), DType::kFloat32, Shape{rows, classes});
  binding.target = Tensor(targets.data(), DType::kInt32, Shape{rows});
  if (options.gradient_wanted) {
    binding.scores_gradient = Tensor(gradient.data(), DType::kFloat32, Shape{rows, classes});
  }
  binding.add_gradient = options.add;
  binding.scale = options.scale;
  bound = loss.BindCpu(binding);
}

const std::vector<LossCase>& LossCases() {
  static const std::vector<LossCase> kCases = {
      {"cross_entropy", std::make_shared<CrossEntropy>(), CrossEntropyRow},
      {"label_smoothing", std::make_shared<CrossEntropy>(0.25f), SmoothedRow},
      {"hinge", std::make_shared<Hinge>(0.75f), HingeRow},
      {"mean_squared_error", std::make_shared<MeanSquaredError>(true), SquaredRow}};
  return kCases;
}

}  // namespace seve::testing
