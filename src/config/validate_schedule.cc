#include "config/validate_parts.h"

namespace seve {
namespace {

void ValidateMultiStep(const config::MultiStepSchedule& schedule, const std::string& path,
                       Checker& checker) {
  checker.Above(path + ".factor", schedule.factor(), 0);
  if (schedule.at_epoch_size() == 0) {
    checker.Fail(path, path + " needs 'at_epoch'; for example: at_epoch: [5, 8]");
  }
  for (int i = 0; i < schedule.at_epoch_size(); ++i) {
    const std::string element = path + ".at_epoch[" + std::to_string(i) + "]";
    checker.AtLeast(element, schedule.at_epoch(i), 0);
    if (i == 0 || schedule.at_epoch(i - 1) < schedule.at_epoch(i)) continue;
    checker.Fail(element, path + ".at_epoch must rise from each epoch to the next");
  }
}

void ValidatePlateau(const config::PlateauSchedule& plateau, const std::string& path,
                     Checker& checker) {
  checker.AtLeast(path + ".patience", plateau.patience(), 0);
  checker.Above(path + ".factor", plateau.factor(), 0);
  checker.From(path + ".factor", plateau.factor(), 0, 1);
  checker.Between(path + ".minimum_factor", plateau.minimum_factor(), 0, 1);
}

}  // namespace

void ValidateSchedule(const config::Schedule& schedule, Checker& checker) {
  const std::string path = "optimizer.schedule";
  checker.AtLeast(path + ".warm_up_epochs", schedule.warm_up_epochs(), 0);
  checker.Between(path + ".warm_up_start", schedule.warm_up_start(), 0, 1);
  switch (schedule.kind_case()) {
    case config::Schedule::kStep:
      checker.Above(path + ".step.every_epochs", schedule.step().every_epochs(), 0);
      checker.Above(path + ".step.factor", schedule.step().factor(), 0);
      return;
    case config::Schedule::kMultiStep:
      return ValidateMultiStep(schedule.multi_step(), path + ".multi_step", checker);
    case config::Schedule::kExponential:
      return checker.Above(path + ".exponential.factor", schedule.exponential().factor(), 0);
    case config::Schedule::kCosine:
      return checker.AtLeast(path + ".cosine.end", schedule.cosine().end(), 0);
    case config::Schedule::kPolynomial:
      checker.Above(path + ".polynomial.power", schedule.polynomial().power(), 0);
      checker.AtLeast(path + ".polynomial.end", schedule.polynomial().end(), 0);
      return;
    case config::Schedule::kPlateau:
      return ValidatePlateau(schedule.plateau(), path + ".plateau", checker);
    case config::Schedule::kConstant:
    case config::Schedule::KIND_NOT_SET:
      return;
  }
}

}  // namespace seve
