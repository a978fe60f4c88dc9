// How a rank waits for others: it spins briefly, then gives its core away, and gives up at a
// deadline.
#pragma once

#include <sched.h>

#include <functional>
#include <string>
#include <vector>

#include "base/watch_clock.h"
#include "comm/activity.h"
#include "comm/pause.h"

namespace seve {

class Waiter {
 public:
  struct Options {
    int rank = 0;
    // More ranks than cores: spinning would keep the awaited rank from running.
    bool oversubscribed = false;
    // Names a rank for messages.
    std::function<std::string(int)> describe;
    // Called every so often while waiting: moves messages along, or throws when waiting has become
    // pointless. May be empty.
    std::function<void()> while_waiting;
    // Part of the section's deadline that a wait may take: less than all of it where peers wait
    // elsewhere meanwhile, to hear what became of it.
    double share = 1;
  };

  // `activity`: of the waiting rank; it gives the deadline, and says that the rank waits when it
  // does more than spin. Outlives the waiter.
  Waiter(Activity& activity, Options options) : activity_(activity), options_(std::move(options)) {}

  [[nodiscard]] Activity& activity() const { return activity_; }

  // Returns when ready() holds. After the deadline, and the grace of a watched rank, throws
  // Error(kCommunication) naming this rank's place, the operation and the ranks in missing(), a
  // std::vector<int>.
  template <typename Ready, typename Missing>
  void Until(const char* operation, Ready&& ready, Missing&& missing) const {
    if (ready()) return;
    const TraceScope traced(activity_.trace(), Trace::Row::kWait, operation, "wait");
    const int spins = options_.oversubscribed ? 0 : kSpins;
    for (int spin = 0; spin < spins; ++spin) {
      Pause();
      if (ready()) return;
    }
    WatchClock clock(kLongestTurn);
    const WaitingMark mark(activity_);
    const double patience = Patience();
    do {
      sched_yield();
      if (options_.while_waiting) options_.while_waiting();
      if (ready()) return;
      clock.Tick();
    } while (clock.seconds() <= patience);
    GiveUp(operation, missing(), clock.seconds());
  }

 private:
  static constexpr int kSpins = 2000;  // some 40 us
  static constexpr double kWatchedGrace = 1;
  // Time beyond this in one turn is not counted: the process was suspended, and the others with it.
  static constexpr double kLongestTurn = 1;

  // Seconds until giving up. A watchdog knows what the missing rank does, and should speak first.
  [[nodiscard]] double Patience() const {
    return options_.share * activity_.Read().deadline + (activity_.watched() ? kWatchedGrace : 0);
  }
  [[noreturn]] void GiveUp(const char* operation, const std::vector<int>& missing,
                           double waited) const;

  Activity& activity_;
  Options options_;
};

}  // namespace seve
