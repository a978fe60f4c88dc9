// Keeps drawing during a run from slowing it down.
#pragma once

#include <optional>

#include "base/clock.h"

namespace seve {

class DrawingBudget {
 public:
  // share: of the run's time; first: seconds that one drawing is taken to need before there was
  // one.
  DrawingBudget(double share, double first) : share_(share), latest_(first) {}

  // The run's time when this was first told; the rest was of earlier starts, whose drawings are not
  // known. Later calls change nothing.
  void Begin(double seconds) {
    if (!begin_) begin_ = seconds;
  }

  // Whether another drawing like the latest keeps within the share of a run of `seconds` so far.
  [[nodiscard]] bool Allows(double seconds) const {
    return spent_ + latest_ <= share_ * (seconds - begin_.value_or(0));
  }

  template <typename Draw>
  void Spend(Draw draw) {
    const Stopwatch watch;
    draw();
    latest_ = watch.Seconds();
    spent_ += latest_;
  }

 private:
  double share_;
  std::optional<double> begin_;  // seconds, as those below
  double spent_ = 0, latest_;
};

}  // namespace seve
