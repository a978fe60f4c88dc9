// How a rank waits for others: it spins briefly, then gives its core away, and gives up at a
// deadline.
#pragma once

#include <sched.h>

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
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
  };

  explicit Waiter(Options options) : options_(std::move(options)) {}

  void SetDeadline(double seconds, std::string section);

  // Returns when ready() holds. After the deadline throws Error(kCommunication) naming the section,
  // the operation and the ranks in missing(), a std::vector<int>.
  template <typename Ready, typename Missing>
  void Until(const char* operation, Ready&& ready, Missing&& missing) const {
    if (ready()) return;
    const int spins = options_.oversubscribed ? 0 : kSpins;
    for (int spin = 0; spin < spins; ++spin) {
      Pause();
      if (ready()) return;
    }
    const Stopwatch watch;
    do {
      sched_yield();
      if (options_.while_waiting) options_.while_waiting();
      if (ready()) return;
    } while (watch.Seconds() <= seconds_);
    GiveUp(operation, missing(), watch.Seconds());
  }

 private:
  static constexpr int kSpins = 2000;  // some 40 us

  [[noreturn]] void GiveUp(const char* operation, const std::vector<int>& missing,
                           double waited) const;

  Options options_;
  double seconds_ = 600;
  std::string section_ = "start-up";
};

}  // namespace seve
