// Ranks as threads of one process: the production reduction without MPI, for tests and sanitizers.
#pragma once

#include <functional>

#include "comm/communicator.h"

namespace seve {

// Runs body(communicator) once a rank, in `world` threads, and returns when all have ended. When a
// rank throws, the others' waits throw Error(kCommunication) naming it, and the first exception is
// thrown again here. Communicator::Abort ends the process.
void RunThreads(int world, const std::function<void(Communicator&)>& body);

}  // namespace seve
