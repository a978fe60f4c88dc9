// What a watchdog says of a rank that is no longer with the others.
#pragma once

#include <string>

#include "comm/activity.h"

namespace seve {

// A rank by its name, "node3:rank 1", and where it was when it was last heard of.
struct Sighting {
  std::string name;
  Activity::Reading where;
};

// "node3:rank 1 died (its connection broke) when node1:rank 0 was at step 57 in sum of gradients;
// 0.2 s before, it was at step 51 in backward". Ranks are never a whole step apart, so the hearer's
// step is the one it died in; what it said of itself is as old as its last heartbeat.
[[nodiscard]] std::string DiedVerdict(const Sighting& rank, double seconds, const Sighting& hearer);

// "node3:rank 1 has not been heard of for 8.0 s: stopped, swapped out or its machine is gone;
// node1:rank 0 is at step 57 in sum of gradients, and it was at step 51 in backward".
[[nodiscard]] std::string SilentVerdict(const Sighting& rank, double seconds,
                                        const Sighting& hearer);

// "node3:rank 1 has been in backward of step 57 for 60.2 s (deadlines.step is 60): stuck".
[[nodiscard]] std::string StuckVerdict(const Sighting& rank, double seconds);

// "node3:rank 1 left the training at step 57 while node1:rank 0 is at step 80".
[[nodiscard]] std::string LeftVerdict(const Sighting& rank, const Sighting& hearer);

// "node3:rank 1 waits in checkpoint of step 57 while node1:rank 0 waits in sum of gradients of step
// 58, and nobody computes: they would wait for ever".
[[nodiscard]] std::string ApartVerdict(const Sighting& rank, const Sighting& other);

// "node1:rank 0 found another rank dead, silent, stuck or gone at step 57 in backward, but did not
// end the job".
[[nodiscard]] std::string AlarmVerdict(const Sighting& rank);

}  // namespace seve
