// How long a rank's own activity has not changed.
#pragma once

#include "comm/activity.h"

namespace seve {

class Standstill {
 public:
  explicit Standstill(const Activity& activity) : activity_(activity), last_(activity.Read()) {}

  // Looks at the activity; `now` in seconds. Equal in every field, or it has changed: see
  // comm/activity.h.
  void Look(double now) {
    const Activity::Reading reading = activity_.Read();
    if (reading == last_) return;
    last_ = reading;
    since_ = now;
  }
  [[nodiscard]] Activity::Reading Current() const { return activity_.Read(); }
  // As of the last look.
  [[nodiscard]] const Activity::Reading& reading() const { return last_; }
  [[nodiscard]] double Seconds(double now) const { return now - since_; }

 private:
  const Activity& activity_;
  Activity::Reading last_;
  double since_ = 0;
};

}  // namespace seve
