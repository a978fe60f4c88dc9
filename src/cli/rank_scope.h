// The life of one rank of a job: communicator and log around the work, and every way it can end.
#pragma once

#include <functional>

#include "base/log.h"
#include "comm/communicator.h"

namespace seve {

// Runs `work` as a rank of the job a launcher started, or alone when none did, and returns the exit
// code this process must end with: the work's code on rank 0, 0 on the others. All ranks pass a
// barrier before they return. An AgreedError ends the same way; any other exception is this rank's
// alone and ends the whole job with its code.
int WithRank(const std::function<int(Communicator&, Logger&)>& work);

}  // namespace seve
