// How the watchdogs of all ranks come to be connected with rank 0's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "comm/communicator.h"
#include "train/watchdog/heartbeat_link.h"
#include "train/watchdog/invitation.h"

namespace seve {

struct Rendezvous {
  uint64_t token = 0;
  // On rank 0 the connections of ranks 1, 2, …; on any other the one to rank 0.
  std::vector<HeartbeatLink> links;
};

// Collective, among more than one rank. Takes up to 30 s, or half the section's deadline where that
// is shorter; then every rank throws AgreedError(kCommunication), rank 0's saying who could not
// connect to which addresses, and what to do.
[[nodiscard]] Rendezvous Meet(Communicator& communicator);

// This rank's part, given an invitation: a connection that rank 0 admits, or
// Error(kCommunication) after this many seconds.
[[nodiscard]] HeartbeatLink Join(const Invitation& invitation, int rank, const std::string& name,
                                 double seconds);

}  // namespace seve
