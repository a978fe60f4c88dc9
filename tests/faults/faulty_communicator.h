// A communicator that does harm at a chosen step of its rank, and otherwise what the one behind it
// does.
#pragma once

#include <memory>

#include "comm/communicator.h"
#include "faults/fault.h"

namespace seve::faults {

// `real` and `fault` outlive it.
std::unique_ptr<Communicator> MakeFaultyCommunicator(Communicator& real, const Fault& fault);

}  // namespace seve::faults
