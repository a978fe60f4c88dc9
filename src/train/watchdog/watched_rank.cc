#include "train/watchdog/watched_rank.h"

#include <fmt/format.h>

namespace seve {
namespace {

const char* Remark(WatchedRank::State state) {
  switch (state) {
    case WatchedRank::State::kTraining:
      return "";
    case WatchedRank::State::kLeft:
      return ", left";
    case WatchedRank::State::kAlarm:
      return ", ending the job";
    case WatchedRank::State::kDead:
      return ", connection broken";
  }
  return "";
}

}  // namespace

WatchedRank::WatchedRank(std::string name, HeartbeatLink link, const Activity::Reading& where)
    : name_(std::move(name)),
      link_(std::move(link)),
      last_(MakeHeartbeat(Heartbeat::Kind::kBeat, 0, 0, where, 0)) {}

void WatchedRank::Read(double now) {
  while (const auto heartbeat = link_.Receive()) {
    last_ = *heartbeat;
    heard_ = now;
    if (last_.kind == Heartbeat::Kind::kGoodbye) Enter(State::kLeft, now);
    if (last_.kind == Heartbeat::Kind::kAlarm) Enter(State::kAlarm, now);
  }
  if (link_.ended() && state_ == State::kTraining) Enter(State::kDead, now);
}

void WatchedRank::Enter(State state, double now) {
  state_ = state;
  state_since_ = now;
}

bool WatchedRank::IsStuck() const {
  return state_ == State::kTraining && last_.waiting == 0 && last_.unchanged > last_.deadline;
}

bool WatchedRank::WaitsLongerThan(double seconds) const {
  return state_ == State::kTraining && last_.waiting != 0 && last_.unchanged > seconds;
}

std::string WatchedRank::Describe(double now) const {
  return fmt::format("{}: {}{}{}; heard of {:.1f} s ago", name_, last_.reading().Text(),
                     last_.waiting != 0 ? ", waiting" : "", Remark(state_), Silence(now));
}

}  // namespace seve
