// The errors of a step that every rank meets alike, because they were decided from reduced values.
#pragma once

#include <string>

#include "comm/communicator.h"
#include "model/executor.h"

namespace seve {

// `layer`: this rank's first layer whose output is not finite; empty where all are. Collective.
// Throws AgreedError(kNumerical).
[[noreturn]] void ThrowNonFiniteLoss(Communicator& communicator, const std::string& layer,
                                     const StepOutcome& outcome);
// The text of the first rank whose text is not empty, on all ranks. Collective.
[[nodiscard]] std::string FirstOfRanks(Communicator& communicator, const std::string& text);

// `parameter`: whose gradient it is. Throws AgreedError(kNumerical).
[[noreturn]] void ThrowNonFiniteGradient(const std::string& parameter, const StepOutcome& outcome);

}  // namespace seve
