// Both ends of a connection between two watchdogs, in one process.
#pragma once

#include "train/watchdog/heartbeat_link.h"

namespace seve::testing {

struct Links {
  HeartbeatLink ours, theirs;
};

[[nodiscard]] Links ConnectLinks();

// Waits, a few seconds at most, until something has arrived at the descriptor of a socket or its
// connection has ended; nothing coming is a failed test.
void WaitForInput(int descriptor);

}  // namespace seve::testing
