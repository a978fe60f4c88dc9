// Do all ranks train the same thing?
#pragma once

#include "comm/communicator.h"
#include "train/setup.h"

namespace seve {

// Compares hashes of configuration, data and parameter layout over all ranks. Collective. Throws
// AgreedError (kUsage) that names the ranks that differ from rank 0, and in what.
void CheckSameEverywhere(Communicator& communicator, const Setup& setup);

}  // namespace seve
