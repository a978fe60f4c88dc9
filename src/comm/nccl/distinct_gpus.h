// Whether each rank has a GPU of its own, which NCCL asks for.
#pragma once

#include "comm/communicator.h"

namespace seve {

// Collective. Throws AgreedError(kUsage) that names two ranks whose current devices are the same
// GPU by what NCCL goes by: the host's name and boot, and the PCI bus.
void CheckGpusAreDistinct(Communicator& communicator);

}  // namespace seve
