// The world of one rank: every operation is already complete.
#pragma once

#include <memory>

#include "comm/communicator.h"

namespace seve {

std::unique_ptr<Communicator> MakeSoloCommunicator();

}  // namespace seve
