// Keeps the best, the worst and some samples of an evaluation, on every rank, and brings them
// together on rank 0.
#pragma once

#include <cstdint>
#include <vector>

#include "train/judge.h"

namespace seve {

class PredictionCollector {
 public:
  struct Limits {
    size_t best = 0, worst = 0, random = 0;
  };
  // What is worth drawing of this model.
  [[nodiscard]] static Limits ForPictures(const Graph& graph);

  // Looks at the evaluations of `judge` on `split` from here on, as long as it lives.
  PredictionCollector(const Setup& setup, Judge& judge, Split split, const Limits& limits);
  ~PredictionCollector();
  PredictionCollector(const PredictionCollector&) = delete;
  PredictionCollector& operator=(const PredictionCollector&) = delete;

  // After an evaluation: what the ranks have kept, the same on any number of them, with the samples
  // read from the data. Collective; on other ranks than 0 the lists are empty.
  [[nodiscard]] PredictionsEvent Gather(Communicator& communicator) const;

 private:
  struct Candidate {
    int64_t position = 0;
    // Classifiers: the probability of the true class; regression: minus the squared error.
    double merit = 0;
    int truth = -1, said = -1;
    std::vector<float> output, target;
  };
  using Candidates = std::vector<Candidate>;

  void Look(int64_t position, const Tensor& scores, const Tensor& target);
  [[nodiscard]] Candidate Make(int64_t position, std::span<const float> scores,
                               const Tensor& target, size_t row) const;
  void Keep(const Candidate& candidate);
  [[nodiscard]] Candidates Merge(const Candidates& own, Communicator& communicator) const;
  [[nodiscard]] std::vector<Prediction> Read(const Candidates& candidates) const;

  const Setup& setup_;
  Judge& judge_;
  Split split_;
  Limits limits_;
  bool classification_;
  std::vector<int64_t> drawn_;  // positions of the random ones, ascending
  Candidates best_, worst_, random_;
};

}  // namespace seve
