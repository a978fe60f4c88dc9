// Whether each rank has a GPU of its own, which NCCL asks for.
#pragma once

#include "comm/communicator.h"

namespace seve {

// Collective. Throws AgreedError(kUsage) that names two ranks whose current devices are the same
// GPU, by its UUID: ordinals mean nothing where each process sees GPUs of its own.
void CheckGpusAreDistinct(Communicator& communicator);

}  // namespace seve
