// What the watchdog of one rank knows and concludes: rank 0's of all others, any other's of rank 0.
//
// No threads and no clock of its own: it is told the time, in seconds from 0.
#pragma once

#include <poll.h>

#include <cstdint>
#include <string>
#include <vector>

#include "train/watchdog/standstill.h"
#include "train/watchdog/watched_rank.h"

namespace seve {

class Watch {
 public:
  struct Options {
    int rank = 0;      // of the watchdog
    std::string name;  // "node1:rank 0"
    uint64_t token = 0;
    // Seconds within which a living rank is heard of.
    double silence = 0;
  };

  Watch(Options options, const Activity& activity, std::vector<WatchedRank> others);

  // Takes in what the others said, and where this rank is.
  void Read(double now);
  // Says it to all of them.
  void Send(Heartbeat::Kind kind, double now);

  // Who is dead, silent, stuck or apart (rank 0 judges these two, for all and itself) or gone, one
  // verdict a rank; empty when all is well.
  [[nodiscard]] std::vector<std::string> Findings(double now) const;

  // One line a rank: this one, then the others.
  [[nodiscard]] std::string Describe(double now) const;

  // Says goodbye to all, and returns when their machines have it, after a few milliseconds; or
  // after 50 at the latest. For the end: nothing can be sent after it.
  void Leave(double now);

  // For poll(2): each connection that has not ended, watched for its end alone. Heartbeats are read
  // when it is time to send some, which wakes rank 0 of a large world less often.
  [[nodiscard]] std::vector<pollfd> Ends() const;

 private:
  [[nodiscard]] bool AnyRecently(WatchedRank::State state, double now) const;
  [[nodiscard]] std::string VerdictOn(const WatchedRank& rank, double now) const;
  // Of the rank that has been stuck longest; empty when none is.
  [[nodiscard]] std::string StuckRank(double now) const;
  // Ranks that are in another section or step than most while all ranks wait for each other.
  [[nodiscard]] std::vector<std::string> RanksApart(double now) const;
  [[nodiscard]] Sighting OwnSighting() const { return {options_.name, own_.reading()}; }

  Options options_;
  Standstill own_;
  std::vector<WatchedRank> others_;
};

}  // namespace seve
