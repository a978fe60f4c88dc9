#include "model/step_failure.h"

#include <fmt/format.h>

#include <cmath>

#include "comm/broadcast_text.h"

namespace seve {
namespace {

std::string Text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void ThrowNonFiniteLoss(Communicator& communicator, const std::string& layer,
                        const StepOutcome& outcome) {
  const auto layers = communicator.Gather(std::as_bytes(std::span(layer)), 0);
  std::string where;
  for (size_t rank = 0; rank < layers.size(); ++rank) {
    if (layers[rank].empty()) continue;
    where += fmt::format("; on {} layer '{}' is the first with a non-finite output",
                         communicator.Describe(static_cast<int>(rank)), Text(layers[rank]));
  }
  where = BroadcastText(communicator, where);
  throw AgreedError(
      ExitCode::kNumerical,
      fmt::format("the loss became {:g} at step {}{} (learning rate {:g}): nothing was updated; "
                  "lower the learning "
                  "rate, clip gradients (optimizer.clip_norm) or look at the data",
                  std::abs(outcome.sums.loss), outcome.step, where, outcome.learning_rate));
}

std::string FirstOfRanks(Communicator& communicator, const std::string& text) {
  std::string first;
  for (const auto& theirs : communicator.Gather(std::as_bytes(std::span(text)), 0)) {
    if (first.empty()) first = Text(theirs);
  }
  return BroadcastText(communicator, first);
}

void ThrowNonFiniteGradient(const std::string& parameter, const StepOutcome& outcome) {
  throw AgreedError(
      ExitCode::kNumerical,
      fmt::format("the gradient of '{}' became non-finite at step {} though the loss is finite "
                  "(learning rate "
                  "{:g}); lower the learning rate or clip gradients (optimizer.clip_norm)",
                  parameter, outcome.step, outcome.learning_rate));
}

}  // namespace seve
