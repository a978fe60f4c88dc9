// What the watchdog of one rank knows of another rank.
#pragma once

#include <string>

#include "train/watchdog/heartbeat_link.h"
#include "train/watchdog/verdict.h"

namespace seve {

// Times are seconds of the watchdog's own clock (base/watch_clock.h).
class WatchedRank {
 public:
  enum class State {
    kTraining,
    kLeft,   // it said goodbye
    kAlarm,  // it is about to end the job
    kDead,   // its connection broke without either
  };

  // `where`: where it is until it says so itself.
  WatchedRank(std::string name, HeartbeatLink link, const Activity::Reading& where);

  // Takes in what has arrived.
  void Read(double now);

  [[nodiscard]] State state() const { return state_; }
  // Seconds since it is in this state.
  [[nodiscard]] double InState(double now) const { return now - state_since_; }
  [[nodiscard]] Sighting sighting() const { return {name_, last_.reading()}; }
  // Seconds since it was last heard of.
  [[nodiscard]] double Silence(double now) const { return now - heard_; }
  // Its thread that trains does not wait for anyone, and has not moved for longer than its deadline
  // allows.
  [[nodiscard]] bool IsStuck() const;
  // It has waited for others for at least this long.
  [[nodiscard]] bool WaitsLongerThan(double seconds) const;
  // Seconds since its activity last changed, when it was last heard of.
  [[nodiscard]] double unchanged() const { return last_.unchanged; }

  // "node3:rank 1: step 57, backward; heard of 0.2 s ago".
  [[nodiscard]] std::string Describe(double now) const;

  [[nodiscard]] HeartbeatLink& link() { return link_; }
  [[nodiscard]] const HeartbeatLink& link() const { return link_; }

 private:
  void Enter(State state, double now);

  std::string name_;
  HeartbeatLink link_;
  Heartbeat last_;
  double heard_ = 0;
  State state_ = State::kTraining;
  double state_since_ = 0;
};

}  // namespace seve
