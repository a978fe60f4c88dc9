// What the configuration's penalties add to the loss and to its gradient.
#pragma once

#include <span>
#include <vector>

#include "model/arenas.h"

namespace seve {

// P = sum_j l1_j |w_j| + l2_j/2 w_j^2 over the trainable parameters. Without penalties nothing is
// read or computed. Equal parameters give equal bits.
class Penalty {
 public:
  explicit Penalty(const ParameterLayout& layout);

  [[nodiscard]] double Value(const ParameterArena& parameters) const;

  // gradients += scale dP/dw, where d|w|/dw is 0 at 0. `gradients`: as the trainable arena.
  void AddGradient(const ParameterArena& parameters, std::span<float> gradients,
                   double scale) const;

 private:
  // A run of the trainable arena with one setting.
  struct Run {
    size_t begin, end;
    float l1, l2;
  };
  std::vector<Run> runs_;
};

}  // namespace seve
