// Follows one figure of the evaluations: has it got better, and for how long has it not?
#pragma once

#include <optional>
#include <string>

#include "config/checkpoint.pb.h"
#include "config/config.pb.h"

namespace seve {

// A monitor with what was unset filled in.
struct MonitoredFigure {
  std::string name;  // "loss", "accuracy", "f1"
  bool lower_is_better = true;
  double minimum_change = 0;

  MonitoredFigure(const config::Monitor& monitor, bool classification);
  // By more than the minimum change; of a value that is not finite never.
  [[nodiscard]] bool Improves(double value, const std::optional<double>& best) const;
};

class Tracker {
 public:
  explicit Tracker(MonitoredFigure figure) : figure_(std::move(figure)) {}

  // The figure of one more evaluation.
  void Look(double value);
  // Evaluations in a row without an improvement.
  [[nodiscard]] int stagnant() const { return stagnant_; }
  // Counts those anew; the best stays.
  void CountAnew() { stagnant_ = 0; }

  [[nodiscard]] const MonitoredFigure& figure() const { return figure_; }
  [[nodiscard]] const std::optional<double>& best() const { return best_; }

  [[nodiscard]] config::Tracking ToMessage() const;
  // Of another figure than this one's nothing is taken over.
  void Restore(const config::Tracking& message);

 private:
  MonitoredFigure figure_;
  std::optional<double> best_;
  int stagnant_ = 0;
};

}  // namespace seve
