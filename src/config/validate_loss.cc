#include "base/text.h"
#include "config/expand.h"
#include "config/validate_parts.h"

namespace seve {

void ValidateLosses(const config::Config& config, Checker& checker) {
  const ExpandedModel model = ExpandModel(config.model());
  const auto names = LayerNames(config.model());
  for (int i = 0; i < config.loss_size(); ++i) {
    const config::Loss& loss = config.loss(i);
    const std::string path = "loss[" + std::to_string(i) + "]";
    if (loss.kind_case() == config::Loss::KIND_NOT_SET) {
      checker.Fail(path, "loss needs a kind: cross_entropy {}, hinge {} or mean_squared_error {}");
    }
    const bool known = model.Find(loss.input()) != nullptr;
    if (loss.has_input() && !known && !names.empty()) {
      checker.Fail(path + ".input", "the loss scores '" + loss.input() + "', which is no layer; " +
                                        Suggest(loss.input(), names));
    }
    checker.AtLeast(path + ".weight", loss.weight(), 0);
    if (loss.has_cross_entropy()) {
      checker.From(path + ".cross_entropy.label_smoothing", loss.cross_entropy().label_smoothing(),
                   0, 1);
    }
    if (loss.has_hinge()) checker.Above(path + ".hinge.margin", loss.hinge().margin(), 0);
  }
}

void ValidatePenalties(const config::Config& config, Checker& checker) {
  for (int i = 0; i < config.penalty_size(); ++i) {
    const config::Penalty& penalty = config.penalty(i);
    const std::string path = "penalty[" + std::to_string(i) + "]";
    if (!penalty.has_l1() && !penalty.has_l2()) {
      checker.Fail(path, "penalty needs 'l1' or 'l2'; for example: penalty { l2: 0.001 }");
    }
    checker.AtLeast(path + ".l1", penalty.l1(), 0);
    checker.AtLeast(path + ".l2", penalty.l2(), 0);
  }
}

}  // namespace seve
