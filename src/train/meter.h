// Loss, accuracy and speed over an interval of training: sums divided once, never a mean of means.
#pragma once

#include "model/executor.h"

namespace seve {

struct Meter {
  double loss_sum = 0, weight = 0, correct = 0;
  double seconds = 0;  // spent in steps

  void Add(const StepSums& sums, double step_seconds) {
    loss_sum += sums.loss;
    weight += sums.weight;
    correct += sums.correct;
    seconds += step_seconds;
  }
  [[nodiscard]] bool empty() const { return weight == 0; }
  [[nodiscard]] double loss() const { return empty() ? 0 : loss_sum / weight; }
  [[nodiscard]] double accuracy() const { return empty() ? 0 : correct / weight; }
  [[nodiscard]] double samples_per_second() const { return seconds == 0 ? 0 : weight / seconds; }
};

}  // namespace seve
