// Judges a model on samples: passes of a fixed size, shared by the ranks, with figures that do not
// depend on how many ranks there are.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "comm/communicator.h"
#include "data/dataset.h"
#include "model/pass.h"
#include "model/penalty.h"
#include "model/score_counts.h"

namespace seve {

struct EvaluationSums {
  double loss = 0;      // mean over the samples, and the penalties
  double accuracy = 0;  // 0 to 1; meaningless for regression
  int64_t samples = 0;
};

class Evaluator {
 public:
  // Passes of `batch` samples and a smaller last one. `parameters`: the host's, for the penalties.
  // What is referred to must outlive the evaluator.
  Evaluator(PassMaker passes, const ParameterLayout& layout, const ParameterArena& parameters,
            int64_t batch);

  // Every one of `samples` samples exactly once; `index(position)` is its place in `data`.
  // Collective unless the communicator is of one rank; with `rank0_alone` the other ranks only
  // wait. Sums of the passes are added in the order of positions in float64: the same figures on
  // any number of ranks.
  EvaluationSums Run(const Dataset& data, int64_t samples,
                     const std::function<int64_t(int64_t)>& index, Communicator& communicator,
                     bool rank0_alone);

  // Called after each pass this rank runs: the first sample's position, the scores (rows, outputs)
  // and targets of the first loss, in row-major order. An empty function: nobody is.
  using Observer =
      std::function<void(int64_t position, const Tensor& scores, const Tensor& target)>;
  void Observe(Observer observer) { observer_ = std::move(observer); }

  // Has every run fill `counts` anew, over all ranks. They outlive the evaluator.
  void Count(ScoreCounts* counts) { counts_ = counts; }

 private:
  LossSums RunPass(const Dataset& data, int64_t position, int64_t count,
                   const std::function<int64_t(int64_t)>& index);
  Pass& PassFor(int64_t rows);

  PassMaker make_pass_;
  const ParameterArena& parameters_;
  Penalty penalty_;
  int64_t batch_;
  std::vector<std::unique_ptr<Pass>> passes_;
  std::vector<int64_t> indices_;
  Observer observer_;
  ScoreCounts* counts_ = nullptr;
};

}  // namespace seve
