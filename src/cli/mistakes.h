// Finds the samples a classifier is most wrong about, and draws them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/terminal.h"
#include "data/dataset.h"
#include "tensor/tensor.h"

namespace seve {

class MistakeFinder {
 public:
  // Keeps the `count` worst. `index(position)` is a sample's place in `data`.
  MistakeFinder(const Dataset& data, std::function<int64_t(int64_t)> index, int count);

  // Looks at the scores (rows, classes) of the samples from `position` on. A mistake is the worse,
  // the more the best score exceeds the right one.
  void Look(int64_t position, const Tensor& scores);

  // The pictures side by side, the worst first, with "7, said 2" below each.
  [[nodiscard]] std::string Draw(const Terminal& terminal) const;

 private:
  struct Mistake {
    int64_t sample;
    int truth, said;
    float margin;
  };
  const Dataset& data_;
  std::function<int64_t(int64_t)> index_;
  size_t count_;
  std::vector<Mistake> worst_;  // worst first
};

}  // namespace seve
