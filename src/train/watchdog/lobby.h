// Where the watchdog of rank 0 receives the other ranks, and shows strangers out.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/socket.h"
#include "train/watchdog/heartbeat_link.h"

namespace seve {

// Who connects says hello with the job's token, gets a heartbeat in reply and answers with its own:
// only then is it in. So a rank that gave up on a connection and made a new one is in by the new
// one. Whoever says something else is dropped; who says nothing holds nobody up.
class Lobby {
 public:
  // The listener outlives the lobby. `ranks`: of the world.
  Lobby(const Socket& listener, uint64_t token, int ranks);

  // Returns when all other ranks are in, or after this many seconds.
  void Admit(double seconds);
  // Ranks that are not in.
  [[nodiscard]] std::vector<int> Missing() const;
  // The connections of ranks 1, 2, …, once none is missing.
  [[nodiscard]] std::vector<HeartbeatLink> TakeLinks();

 private:
  struct Guest {
    HeartbeatLink link;
    int rank = 0;  // as it said in its hello; 0 until then
  };

  void WaitForGuests(double seconds);
  // Takes in what a guest says; true when it is to be forgotten: it is in, gone or a stranger.
  bool Attend(Guest& guest);
  [[nodiscard]] bool IsMember(const Heartbeat& heartbeat) const;

  const Socket& listener_;
  uint64_t token_;
  std::vector<Guest> guests_;
  std::vector<std::optional<HeartbeatLink>> members_;  // of ranks 1, 2, …
};

}  // namespace seve
