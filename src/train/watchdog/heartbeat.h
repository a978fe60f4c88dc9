// What the watchdogs of two ranks tell each other: who lives, and where it is.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "comm/activity.h"

namespace seve {

// As sent. Every rank runs the same program on the same kind of machine: bytes need no conversion.
struct Heartbeat {
  enum class Kind : uint32_t {
    kHello = 1,    // the first of a connection: this rank would like to come in
    kBeat = 2,     // this rank lives
    kGoodbye = 3,  // this rank leaves on its own; the connection ends after it
    kAlarm = 4,    // this rank found another one dead, silent, stuck or gone and ends the job
  };
  // Names are cut to 23 bytes.
  using Name = std::array<char, 24>;

  uint64_t token = 0;  // the job's; strangers do not know it
  Kind kind = Kind::kBeat;
  int32_t rank = 0;
  int64_t step = Activity::kNoStep;
  double deadline = 0;
  double unchanged = 0;  // seconds since the rank's activity changed last
  uint64_t waiting = 0;  // 1 while it waits for other ranks
  Name section{}, phase{};

  // Where the sender was; its texts are those of this heartbeat.
  [[nodiscard]] Activity::Reading reading() const;
};
static_assert(std::is_trivially_copyable_v<Heartbeat> && sizeof(Heartbeat) == 96,
              "a heartbeat is sent as it lies in memory: no pointers, no padding");

// `rank` is at `reading` for `unchanged` seconds.
[[nodiscard]] Heartbeat MakeHeartbeat(Heartbeat::Kind kind, uint64_t token, int rank,
                                      const Activity::Reading& reading, double unchanged);

}  // namespace seve
