// Failures that every rank knows of, so that all end together and in order.
#pragma once

#include <functional>
#include <string>

#include "base/error.h"
#include "comm/communicator.h"

namespace seve {

// Runs `work` on every rank and compares: when it threw on any, every rank throws AgreedError with
// the first failing rank's exit code and a message that tells which ranks failed and why.
// Collective; `work` itself must not be.
void RunAgreed(Communicator& communicator, const std::function<void()>& work);

}  // namespace seve
