// What the figures of the validation split decide besides the best checkpoint: the learning rate on
// a plateau and an early end. Every rank has the same figures, to the bit, and so decides alike.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "train/judge.h"
#include "train/tracker.h"

namespace seve {

class Decisions {
 public:
  Decisions(const config::Config& config, bool classification);

  // One more evaluation; what it led to, as sentences for people.
  std::vector<std::string> Look(const Judgement& judgement);

  // The factor that plateaus so far put on the learning rate.
  [[nodiscard]] double rate_factor() const { return rate_factor_; }
  // The run is to end now, and why; empty while it is not.
  [[nodiscard]] std::string WhyEnd() const;

  void Save(config::TrainingState* state) const;
  void Restore(const config::TrainingState& state);

 private:
  void FollowPlateau(const Judgement& judgement, std::vector<std::string>* notes);

  std::optional<Tracker> stopping_, plateau_;
  int stopping_patience_;
  config::PlateauSchedule plateau_settings_;
  double rate_factor_ = 1;
};

}  // namespace seve
