#include "train/watchdog/verdict.h"

#include <fmt/format.h>

#include <string_view>

#include "config/config.pb.h"

namespace seve {
namespace {

// "backward"; outside the section "step" the section first: "evaluation, forward". May be empty.
std::string Place(const Activity::Reading& where) {
  const std::string section = where.section, phase = where.phase;
  if (section == "step") return phase.empty() && where.step == Activity::kNoStep ? section : phase;
  return phase.empty() ? section : section + ", " + phase;
}

// "at step 57", or where there are no steps yet "in start".
std::string AtStep(const Activity::Reading& where) {
  if (where.step == Activity::kNoStep) return "in " + Place(where);
  return fmt::format("at step {}", where.step);
}

// "at step 57 in backward".
std::string At(const Activity::Reading& where) {
  const std::string place = Place(where);
  if (where.step == Activity::kNoStep || place.empty()) return AtStep(where);
  return fmt::format("{} in {}", AtStep(where), place);
}

// "in backward of step 57".
std::string Within(const Activity::Reading& where) {
  const std::string place = Place(where);
  if (where.step == Activity::kNoStep || place.empty()) return AtStep(where);
  return fmt::format("in {} of step {}", place, where.step);
}

// "deadlines.step is 60"; some sections have a deadline that nobody configures.
std::string Limit(const Activity::Reading& where) {
  const auto* fields = config::Deadlines::descriptor();
  const bool is_field = fields->FindFieldByName(where.section) != nullptr;
  return is_field ? fmt::format("deadlines.{} is {:g}", where.section, where.deadline)
                  : fmt::format("the limit is {:g} s", where.deadline);
}

}  // namespace

std::string DiedVerdict(const Sighting& rank, double seconds, const Sighting& hearer) {
  return fmt::format("{} died (its connection broke) when {} was {}; {:.1f} s before, it was {}",
                     rank.name, hearer.name, At(hearer.where), seconds, At(rank.where));
}

std::string SilentVerdict(const Sighting& rank, double seconds, const Sighting& hearer) {
  return fmt::format(
      "{} has not been heard of for {:.1f} s: stopped, swapped out or its machine is gone; {} is "
      "{}, and it was {}",
      rank.name, seconds, hearer.name, At(hearer.where), At(rank.where));
}

std::string StuckVerdict(const Sighting& rank, double seconds) {
  return fmt::format("{} has been {} for {:.1f} s ({}): stuck", rank.name, Within(rank.where),
                     seconds, Limit(rank.where));
}

std::string LeftVerdict(const Sighting& rank, const Sighting& hearer) {
  return fmt::format("{} left the training {} while {} is {}", rank.name, AtStep(rank.where),
                     hearer.name, AtStep(hearer.where));
}

std::string ApartVerdict(const Sighting& rank, const Sighting& other) {
  return fmt::format("{} waits {} while {} waits {}, and nobody computes: they would wait for ever",
                     rank.name, Within(rank.where), other.name, Within(other.where));
}

std::string AlarmVerdict(const Sighting& rank) {
  return fmt::format(
      "{} found another rank dead, silent, stuck or gone {}, but did not end the job", rank.name,
      At(rank.where));
}

}  // namespace seve
