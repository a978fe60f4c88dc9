#include "optim/registry.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/error.h"
#include "optim/adam.h"
#include "optim/averaged.h"
#include "optim/rmsprop.h"
#include "optim/schedules.h"
#include "optim/sgd.h"

namespace seve {
namespace {

// The decimal the user wrote, in float64: 0.999 and not 0.999000013, so that 1 - beta2 is
// PyTorch's.
double AsWritten(float value) { return std::strtod(fmt::format("{}", value).c_str(), nullptr); }

std::unique_ptr<Optimizer> MakeSgd(const config::Sgd& sgd) {
  return std::make_unique<Sgd>(SgdOptions{
      .momentum = sgd.momentum(), .nesterov = sgd.nesterov(), .weight_decay = sgd.weight_decay()});
}

std::unique_ptr<Optimizer> MakeRmsProp(const config::RmsProp& rmsprop) {
  return std::make_unique<RmsProp>(RmsPropOptions{.alpha = AsWritten(rmsprop.alpha()),
                                                  .epsilon = AsWritten(rmsprop.epsilon()),
                                                  .momentum = rmsprop.momentum(),
                                                  .weight_decay = rmsprop.weight_decay()});
}

template <typename Message>
std::unique_ptr<Optimizer> MakeAdam(const Message& adam, bool decoupled) {
  return std::make_unique<Adam>(AdamOptions{.beta1 = AsWritten(adam.beta1()),
                                            .beta2 = AsWritten(adam.beta2()),
                                            .epsilon = AsWritten(adam.epsilon()),
                                            .weight_decay = adam.weight_decay(),
                                            .decoupled = decoupled});
}

constexpr const char* kNoKind = "an optimizer has no kind or one that is missing from the registry";

// `begin`: where curves over the whole run start, after warm-up.
std::unique_ptr<Schedule> MakeBase(const config::Schedule& schedule, double begin) {
  switch (schedule.kind_case()) {
    case config::Schedule::kConstant:
    case config::Schedule::KIND_NOT_SET:
      return ConstantFactor();
    case config::Schedule::kStep:
      return StepFactor(schedule.step().every_epochs(), schedule.step().factor());
    case config::Schedule::kMultiStep: {
      const auto& epochs = schedule.multi_step().at_epoch();
      return MultiStepFactor({epochs.begin(), epochs.end()}, schedule.multi_step().factor());
    }
    case config::Schedule::kExponential:
      return ExponentialFactor(schedule.exponential().factor());
    case config::Schedule::kCosine:
      return CosineFactor(schedule.cosine().end(), begin);
    case config::Schedule::kPolynomial:
      return PolynomialFactor(schedule.polynomial().power(), schedule.polynomial().end(), begin);
    case config::Schedule::kPlateau:
      return ConstantFactor(fmt::format("times {:g} on a plateau", schedule.plateau().factor()));
  }
  Check(false, "a kind of schedule is missing from the registry");
  return nullptr;
}

std::unique_ptr<Optimizer> MakeRule(const config::Optimizer& optimizer) {
  switch (optimizer.kind_case()) {
    case config::Optimizer::kSgd:
      return MakeSgd(optimizer.sgd());
    case config::Optimizer::kRmsprop:
      return MakeRmsProp(optimizer.rmsprop());
    case config::Optimizer::kAdam:
      return MakeAdam(optimizer.adam(), false);
    case config::Optimizer::kAdamw:
      return MakeAdam(optimizer.adamw(), true);
    case config::Optimizer::KIND_NOT_SET:
      break;
  }
  Check(false, kNoKind);
  return nullptr;
}

}  // namespace

std::unique_ptr<Optimizer> MakeOptimizer(const config::Optimizer& optimizer) {
  auto rule = MakeRule(optimizer);
  if (!optimizer.has_average()) return rule;
  return std::make_unique<Averaged>(std::move(rule), optimizer.average().decay());
}

double BaseLearningRate(const config::Optimizer& optimizer) {
  switch (optimizer.kind_case()) {
    case config::Optimizer::kSgd:
      return AsWritten(optimizer.sgd().learning_rate());
    case config::Optimizer::kRmsprop:
      return AsWritten(optimizer.rmsprop().learning_rate());
    case config::Optimizer::kAdam:
      return AsWritten(optimizer.adam().learning_rate());
    case config::Optimizer::kAdamw:
      return AsWritten(optimizer.adamw().learning_rate());
    case config::Optimizer::KIND_NOT_SET:
      break;
  }
  Check(false, kNoKind);
  return 0;
}

std::unique_ptr<Schedule> MakeSchedule(const config::Schedule& schedule) {
  const double warm_up = schedule.warm_up_epochs();
  auto base = MakeBase(schedule, warm_up);
  if (warm_up <= 0) return base;
  return WarmUp(warm_up, schedule.warm_up_start(), std::move(base));
}

}  // namespace seve
