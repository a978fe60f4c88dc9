#include "train/decisions.h"

#include <fmt/format.h>

#include <algorithm>

namespace seve {
namespace {

// "validation loss has got no better than 0.0912 for 3 evaluations".
std::string Stagnation(const Tracker& tracker) {
  const std::string extent =
      fmt::format("{} evaluation{}", tracker.stagnant(), tracker.stagnant() == 1 ? "" : "s");
  if (!tracker.best()) {
    return fmt::format("validation {} was no finite number in {}", tracker.figure().name, extent);
  }
  return fmt::format("validation {} has got no better than {:.4g} for {}", tracker.figure().name,
                     *tracker.best(), extent);
}

}  // namespace

Decisions::Decisions(const config::Config& config, bool classification)
    : stopping_patience_(config.early_stopping().patience()),
      plateau_settings_(config.optimizer().schedule().plateau()) {
  if (config.has_early_stopping()) {
    stopping_.emplace(MonitoredFigure(config.early_stopping().monitor(), classification));
  }
  if (config.optimizer().schedule().has_plateau()) {
    plateau_.emplace(MonitoredFigure(plateau_settings_.monitor(), classification));
  }
}

std::vector<std::string> Decisions::Look(const Judgement& judgement) {
  std::vector<std::string> notes;
  if (plateau_) FollowPlateau(judgement, &notes);
  if (stopping_) {
    stopping_->Look(judgement.Figure(stopping_->figure().name));
    if (const auto why = WhyEnd(); !why.empty()) notes.push_back(why);
  }
  return notes;
}

void Decisions::FollowPlateau(const Judgement& judgement, std::vector<std::string>* notes) {
  plateau_->Look(judgement.Figure(plateau_->figure().name));
  if (plateau_->stagnant() <= plateau_settings_.patience()) return;
  const double before = rate_factor_;
  rate_factor_ = std::max(before * plateau_settings_.factor(), plateau_settings_.minimum_factor());
  if (rate_factor_ < before) {
    notes->push_back(fmt::format("learning rate times {:.3g}: {}", rate_factor_ / before,
                                 Stagnation(*plateau_)));
  }
  plateau_->CountAnew();
}

std::string Decisions::WhyEnd() const {
  if (!stopping_ || stopping_->stagnant() < stopping_patience_) return "";
  return "stopped early: " + Stagnation(*stopping_);
}

void Decisions::Save(config::TrainingState* state) const {
  if (stopping_) *state->mutable_early_stopping() = stopping_->ToMessage();
  if (!plateau_) return;
  *state->mutable_plateau() = plateau_->ToMessage();
  state->set_plateau_factor(rate_factor_);
}

void Decisions::Restore(const config::TrainingState& state) {
  if (stopping_) stopping_->Restore(state.early_stopping());
  if (!plateau_) return;
  plateau_->Restore(state.plateau());
  rate_factor_ = state.has_plateau_factor() ? state.plateau_factor() : 1;
}

}  // namespace seve
