// "Every so many epochs or steps": when something is due.
#pragma once

#include <cstdint>

namespace seve {

class Pace {
 public:
  static Pace EverySteps(int64_t steps) { return Pace(static_cast<double>(steps)); }
  static Pace EveryEpochs(double epochs, int64_t steps_per_epoch) {
    return Pace(epochs * static_cast<double>(steps_per_epoch));
  }

  // After `step` steps (counted from 1): has another interval been completed by this step?
  [[nodiscard]] bool Due(int64_t step) const;

 private:
  explicit Pace(double interval) : interval_(interval) {}
  double interval_;  // in steps
};

// For messages with an `every` oneof of every_epochs and every_steps; once an epoch when unset.
template <typename Message>
Pace PaceOf(const Message& message, int64_t steps_per_epoch) {
  if (message.has_every_steps()) return Pace::EverySteps(message.every_steps());
  return Pace::EveryEpochs(message.has_every_epochs() ? message.every_epochs() : 1.0,
                           steps_per_epoch);
}

}  // namespace seve
