// Failures that every rank knows of, so that all end together and in order.
#pragma once

#include <functional>
#include <string>

#include "base/error.h"
#include "comm/communicator.h"

namespace seve {

// Thrown on every rank at the same place. Rank 0's message tells which ranks failed and why.
class AgreedError : public Error {
 public:
  using Error::Error;
};

// Runs `work` on every rank and compares: when it threw on any, every rank throws AgreedError with
// the first failing rank's exit code. Collective.
void RunAgreed(Communicator& communicator, const std::function<void()>& work);

}  // namespace seve
