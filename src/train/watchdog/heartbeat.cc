#include "train/watchdog/heartbeat.h"

#include <algorithm>
#include <string_view>

namespace seve {
namespace {

Heartbeat::Name CutName(std::string_view text) {
  Heartbeat::Name name{};
  std::ranges::copy(text.substr(0, name.size() - 1), name.begin());
  return name;
}

}  // namespace

Activity::Reading Heartbeat::reading() const {
  return {.section = section.data(),
          .phase = phase.data(),
          .step = step,
          .deadline = deadline,
          .waiting = waiting != 0};
}

Heartbeat MakeHeartbeat(Heartbeat::Kind kind, uint64_t token, int rank,
                        const Activity::Reading& reading, double unchanged) {
  return {.token = token,
          .kind = kind,
          .rank = rank,
          .step = reading.step,
          .deadline = reading.deadline,
          .unchanged = unchanged,
          .waiting = reading.waiting ? 1u : 0u,
          .section = CutName(reading.section),
          .phase = CutName(reading.phase)};
}

}  // namespace seve
