#include "config/validate_parts.h"

namespace seve {
namespace {

template <class Rule>
void ValidateRate(const Rule& rule, const std::string& path, Checker& checker) {
  checker.AtLeast(path + ".learning_rate", rule.learning_rate(), 0);
  checker.AtLeast(path + ".weight_decay", rule.weight_decay(), 0);
}

template <class Rule>
void ValidateMoments(const Rule& rule, const std::string& path, Checker& checker) {
  ValidateRate(rule, path, checker);
  checker.From(path + ".beta1", rule.beta1(), 0, 1);
  checker.From(path + ".beta2", rule.beta2(), 0, 1);
  checker.Above(path + ".epsilon", rule.epsilon(), 0);
}

void ValidateSgd(const config::Sgd& sgd, Checker& checker) {
  const std::string path = "optimizer.sgd";
  ValidateRate(sgd, path, checker);
  checker.Between(path + ".momentum", sgd.momentum(), 0, 1);
  if (sgd.nesterov() && sgd.momentum() == 0) {
    checker.Fail(path + ".nesterov",
                 path + ".nesterov needs a momentum above 0; for example: momentum: 0.9");
  }
}

void ValidateRmsProp(const config::RmsProp& rmsprop, Checker& checker) {
  const std::string path = "optimizer.rmsprop";
  ValidateRate(rmsprop, path, checker);
  checker.From(path + ".alpha", rmsprop.alpha(), 0, 1);
  checker.Above(path + ".epsilon", rmsprop.epsilon(), 0);
  checker.From(path + ".momentum", rmsprop.momentum(), 0, 1);
}

void ValidateRule(const config::Optimizer& optimizer, Checker& checker) {
  switch (optimizer.kind_case()) {
    case config::Optimizer::KIND_NOT_SET:
      return checker.Fail("optimizer",
                          "optimizer needs a kind: sgd, rmsprop, adam or adamw; for example: "
                          "sgd { learning_rate: 0.1 }");
    case config::Optimizer::kSgd:
      return ValidateSgd(optimizer.sgd(), checker);
    case config::Optimizer::kRmsprop:
      return ValidateRmsProp(optimizer.rmsprop(), checker);
    case config::Optimizer::kAdam:
      return ValidateMoments(optimizer.adam(), "optimizer.adam", checker);
    case config::Optimizer::kAdamw:
      return ValidateMoments(optimizer.adamw(), "optimizer.adamw", checker);
  }
}

}  // namespace

void ValidateOptimizer(const config::Optimizer& optimizer, Checker& checker) {
  ValidateRule(optimizer, checker);
  if (optimizer.has_schedule()) ValidateSchedule(optimizer.schedule(), checker);
  if (optimizer.has_clip_norm()) checker.Above("optimizer.clip_norm", optimizer.clip_norm(), 0);
  checker.From("optimizer.average.decay", optimizer.average().decay(), 0, 1);
  if (optimizer.has_reference_batch_size()) {
    checker.Above("optimizer.reference_batch_size", optimizer.reference_batch_size(), 0);
  }
}

void ValidateParameterGroups(const config::Config& config, Checker& checker) {
  for (int i = 0; i < config.parameters_size(); ++i) {
    const config::ParameterGroup& group = config.parameters(i);
    const std::string path = "parameters[" + std::to_string(i) + "]";
    if (group.match().empty()) {
      checker.Fail(path, "parameters needs 'match', a pattern of names; for example: \"*.bias\"");
    }
    checker.AtLeast(path + ".learning_rate_scale", group.learning_rate_scale(), 0);
    checker.AtLeast(path + ".weight_decay", group.weight_decay(), 0);
  }
}

}  // namespace seve
