// Keeps drawing during a run from slowing it down.
#pragma once

#include "base/clock.h"

namespace seve {

class DrawingBudget {
 public:
  // share: of the run's time; first: seconds that one drawing is taken to need before there was
  // one.
  DrawingBudget(double share, double first) : share_(share), latest_(first) {}

  // Whether another drawing like the latest keeps within the share of a run of `seconds` so far.
  [[nodiscard]] bool Allows(double seconds) const { return spent_ + latest_ <= share_ * seconds; }

  template <typename Draw>
  void Spend(Draw draw) {
    const Stopwatch watch;
    draw();
    latest_ = watch.Seconds();
    spent_ += latest_;
  }

 private:
  double share_;
  double spent_ = 0, latest_;  // seconds
};

}  // namespace seve
