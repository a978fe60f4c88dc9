// Seconds during which its thread ran.
#pragma once

#include <algorithm>

#include "base/clock.h"

namespace seve {

// A process that was stopped and goes on finds that hardly any time has passed, and so does not
// blame the others for what it did not hear meanwhile.
class WatchClock {
 public:
  // `most`: longest time between two ticks of a thread that runs, in seconds.
  explicit WatchClock(double most) : most_(most) {}

  // Called in every turn of the thread's loop.
  void Tick() {
    seconds_ += std::min(since_tick_.Seconds(), most_);
    since_tick_.Restart();
  }
  // At the last tick.
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  double most_, seconds_ = 0;
  Stopwatch since_tick_;
};

}  // namespace seve
