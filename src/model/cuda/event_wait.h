// The host's wait for its GPU, which notices what NCCL and the clock say meanwhile.
#pragma once

#include "comm/communicator.h"
#include "comm/gpu_communicator.h"
#include "tensor/cuda/handles.h"

namespace seve {

// Returns when the event's work is over. `gpus`: null for a rank alone. Throws
// Error(kCommunication) after the activity's deadline, or with what NCCL reports.
void WaitFor(const Event& event, Communicator& communicator, GpuCommunicator* gpus);

}  // namespace seve
