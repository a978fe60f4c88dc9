// Runs one loss on memory of its own; the table of losses that every half is judged by.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "layers/layer_testing.h"
#include "layers/loss.h"

namespace seve::testing {

struct LossRunOptions {
  float scale = 1;
  bool add = false;  // to the gradient that is there
  bool gradient_wanted = true;
};

// A bound loss with its memory. Scores start as fixed random numbers, gradients as `kBefore`.
struct LossRun {
  static constexpr float kBefore = 0.5f;

  LossRun(const Loss& loss, int64_t rows, int64_t classes, const LossRunOptions& options = {});

  Values scores;
  Values gradient;
  std::vector<int32_t> targets;
  std::unique_ptr<BoundLoss> bound;
};

// The loss of one row of scores, in float64.
using RowLoss = double (*)(const double* scores, int64_t classes, int64_t target);

struct LossCase {
  std::string name;
  std::shared_ptr<Loss> loss;
  RowLoss reference;
};

// Every loss on class indices.
const std::vector<LossCase>& LossCases();

}  // namespace seve::testing
