#include "train/tracker.h"

#include <cmath>

namespace seve {

MonitoredFigure::MonitoredFigure(const config::Monitor& monitor, bool classification)
    : name(monitor.has_metric() ? monitor.metric() : (classification ? "accuracy" : "loss")),
      lower_is_better(monitor.has_mode() ? monitor.mode() == config::MIN : name == "loss"),
      minimum_change(monitor.minimum_change()) {}

bool MonitoredFigure::Improves(double value, const std::optional<double>& best) const {
  if (!std::isfinite(value)) return false;
  if (!best) return true;
  return lower_is_better ? value < *best - minimum_change : value > *best + minimum_change;
}

void Tracker::Look(double value) {
  if (!figure_.Improves(value, best_)) {
    ++stagnant_;
    return;
  }
  best_ = value;
  stagnant_ = 0;
}

config::Tracking Tracker::ToMessage() const {
  config::Tracking message;
  if (best_) message.set_best(*best_);
  message.set_stagnant(stagnant_);
  message.set_figure(figure_.name);
  return message;
}

void Tracker::Restore(const config::Tracking& message) {
  best_.reset();
  stagnant_ = 0;
  if (message.figure() != figure_.name) return;
  if (message.has_best()) best_ = message.best();
  stagnant_ = message.stagnant();
}

}  // namespace seve
