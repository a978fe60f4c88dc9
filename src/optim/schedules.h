// The schedules there are. Epochs are fractional; a boundary counts as reached from 1e-9 before it,
// so that the rounding of steps / steps_per_epoch does not matter.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "optim/schedule.h"

namespace seve {

// 1; what changes the rate besides (a plateau, decided by whoever evaluates) is for `description`.
std::unique_ptr<Schedule> ConstantFactor(std::string description = "constant");

// factor^floor(epoch / every_epochs).
std::unique_ptr<Schedule> StepFactor(double every_epochs, double factor);

// factor^(how many of at_epoch have been reached), counted from the start of the run.
std::unique_ptr<Schedule> MultiStepFactor(std::vector<double> at_epoch, double factor);

// factor^floor(epoch).
std::unique_ptr<Schedule> ExponentialFactor(double factor);

// end + (1 - end) (1 + cos(pi t)) / 2, t from 0 at epoch `begin` to 1 at the end of the run.
std::unique_ptr<Schedule> CosineFactor(double end, double begin);

// end + (1 - end) (1 - t)^power, t from 0 at epoch `begin` to 1 at the end of the run.
std::unique_ptr<Schedule> PolynomialFactor(double power, double end, double begin);

// `rest`, multiplied before epoch `epochs` by a line from `start` to 1.
std::unique_ptr<Schedule> WarmUp(double epochs, double start, std::unique_ptr<Schedule> rest);

}  // namespace seve
